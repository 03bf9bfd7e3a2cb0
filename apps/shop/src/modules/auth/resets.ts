import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Queryable } from "../../platform/database/database.ts";
import { type Mailer, MailRefusedError } from "../../platform/mail/mail.ts";
import { type JobKind, type Jobs, NonRetryableError } from "../jobs/index.ts";
import { hashOf, newToken } from "./random-token.ts";
import { addReset, isResetOpen, useReset } from "./reset-store.ts";

/** What resets of passwords need. */
export interface ResetNeeds {
  readonly database: Queryable;
  readonly jobs: Pick<Jobs, "add">;
  readonly mailer: Mailer;
  /** The origin that the link in the mail leads to. */
  readonly publicUrl: string;
}

/** Lets people choose another password who have forgotten theirs. */
export interface Resets {
  /** Has a mail sent to a person, at most one in ten minutes. `key` names the address; without a person nothing is sent, and nobody can tell. */
  request(userId: string | undefined, key: string): Promise<void>;
  isOpen(token: string): Promise<boolean>;
  /** Gives the person of the token another password. Returns their address; undefined when the token does not work. */
  use(token: string, passwordHash: string): Promise<string | undefined>;
  readonly job: JobKind<{ readonly userId: string | null }>;
}

/** Long enough for a mail that is delayed, and to find it. */
const MINUTES = 30;
const MAIL_EVERY_MS = 10 * 60_000;

export function createResets({ database, jobs, mailer, publicUrl }: ResetNeeds): Resets {
  const job: Resets["job"] = {
    name: "send-password-reset",
    input: z.object({ userId: z.guid().nullable() }),
    async run({ userId }, { id }) {
      if (userId === null) return;
      // Made here and not before: a table of jobs is no place for a key to somebody's account.
      const token = newToken();
      const email = await addReset(database, { hash: hashOf(token), userId, minutes: MINUTES });
      if (email === undefined) return;
      try {
        await mailer.send({ id, userId, to: email, subject: "Choose another password", text: textOf(publicUrl, token) });
      } catch (error) {
        if (error instanceof MailRefusedError) throw new NonRetryableError(error.message, { cause: error });
        throw error;
      }
    },
  };
  return {
    job,
    async request(userId, key) {
      // The same work for an address without an account: neither the answer nor the time it takes tells.
      await jobs.add(job, {
        input: { userId: userId ?? null },
        key: `${job.name} ${key} ${Math.floor(Date.now() / MAIL_EVERY_MS)}`,
      });
    },
    isOpen: (token) => isResetOpen(database, hashOf(token)),
    use: (token, passwordHash) => useReset(database, { hash: hashOf(token), passwordHash, request: randomUUID() }),
  };
}

function textOf(publicUrl: string, token: string): string {
  return [
    "Somebody, probably you, wants to choose another password for Quiet Kiln. This leads to it:",
    "",
    `${publicUrl}/reset?token=${token}`,
    "",
    `It works once, for ${MINUTES} minutes. If it was not you, there is nothing to do: your password stays as it is.`,
    "",
  ].join("\n");
}
