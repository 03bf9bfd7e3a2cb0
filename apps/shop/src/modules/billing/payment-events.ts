import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** Signs and checks what a payment provider tells us of its own accord. */
export interface PaymentEvents {
  /** The order whose payment was decided; undefined when the message is not the provider's, too old or not whole. */
  read(signature: unknown, body: unknown, now?: Date): string | undefined;
}

/** A message is believed for so long after it was signed: clocks differ by minutes, and nobody replays it for hours. */
const TOLERANCE_SECONDS = 5 * 60;
const message = z.object({ type: z.literal("charge.decided"), chargeId: z.guid() });

/** `key` is shared with the provider. */
export function paymentEvents(key: () => Buffer): PaymentEvents {
  return {
    read(signature, body, now = new Date()) {
      const [, time = "", sent = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(String(signature)) ?? [];
      const parsed = message.safeParse(body);
      if (time === "" || !parsed.success || Math.abs(now.getTime() / 1000 - Number(time)) > TOLERANCE_SECONDS) return undefined;
      const expected = Buffer.from(macOf(key(), time, parsed.data.chargeId), "hex");
      return timingSafeEqual(expected, Buffer.from(sent, "hex")) ? parsed.data.chargeId : undefined;
    },
  };
}

/** The `Payment-Signature` header for a message of this charge. */
export function signPaymentEvent(key: Buffer, chargeId: string, at: Date): string {
  const time = String(Math.floor(at.getTime() / 1000));
  return `t=${time},v1=${macOf(key, time, chargeId)}`;
}

function macOf(key: Buffer, time: string, chargeId: string): string {
  return createHmac("sha256", key).update(`${time}.charge.decided.${chargeId}`).digest("hex");
}
