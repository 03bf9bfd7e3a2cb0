import type { Cloud } from "../../core/cloud.ts";
import type { Space } from "../../core/world.ts";

/** A mail that SNS would have sent. */
export type Mail = {
  /** Grows with every mail. */
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
  /** The address. */
  to: string;
  topicArn: string;
  subject: string;
  message: string;
  /** `confirmation` asks for consent to a subscription. */
  kind: "notification" | "confirmation";
  /** False for a notification to an address that has not confirmed its subscription: AWS would not have sent it. */
  delivered: boolean;
  /** With a confirmation: what confirms the subscription. */
  token?: string;
};

const MAX_MAILS = 500;

/** Every mail that is kept (the last 500), oldest first. */
export function inbox(cloud: Cloud): readonly Mail[] {
  return mails(cloud)
    .entries()
    .map(([, mail]) => mail);
}

/** Puts a mail into the inbox; it is on disk when this returns. */
export function deliver(cloud: Cloud, mail: Omit<Mail, "id" | "at">): Mail {
  const space = mails(cloud);
  return cloud.world.change(() => {
    const known = space.entries();
    const stored: Mail = { ...mail, id: (known.at(-1)?.[1].id ?? 0) + 1, at: cloud.now() };
    space.set(keyOf(stored.id), stored);
    for (const [key] of known.slice(0, Math.max(0, known.length + 1 - MAX_MAILS))) space.delete(key);
    return stored;
  });
}

function keyOf(id: number): string {
  return String(id).padStart(12, "0");
}

function mails(cloud: Cloud): Space<Mail> {
  return cloud.world.space<Mail>("sns-inbox");
}
