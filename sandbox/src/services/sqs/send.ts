import { createHash, randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import type { Props } from "../../core/values.ts";
import { md5, md5OfAttributes } from "./digest.ts";
import type { GivenMessage } from "./message-input.ts";
import { messagingOf } from "./messaging.ts";
import type { Queue } from "./queues.ts";

/** How long a deduplication id keeps the same message from being taken twice. Source: SQS developer guide, "Exactly-once processing". */
const DEDUPLICATION_MS = 5 * 60_000;

/** A message that was taken: for a duplicate, the one that was sent first. */
export interface Sent {
  readonly id: string;
  readonly seq: number;
}

/** Puts messages into a queue as one change; they are on disk when this returns. */
export function send(cloud: Cloud, queue: Queue, messages: readonly GivenMessage[], sender: string): Sent[] {
  const messaging = messagingOf(cloud);
  const sent = messaging.store.change(() => messages.map((message) => sendOne(cloud, queue, message, sender)));
  messaging.arrived(queue.arn);
  for (const { bytes } of messages) {
    messaging.count(queue.arn, "NumberOfMessagesSent", 1);
    messaging.count(queue.arn, "SentMessageSize", bytes);
  }
  return sent;
}

function sendOne(cloud: Cloud, queue: Queue, message: GivenMessage, sender: string): Sent {
  const { store } = messagingOf(cloud);
  const now = cloud.now();
  const dedupId = queue.isFifo ? message.dedupId || createHash("sha256").update(message.body).digest("hex") : "";
  const scope = queue.dedupesByGroup ? message.groupId : "";
  const known = dedupId === "" ? undefined : store.sentOnce(queue.arn, scope, dedupId, now);
  if (known !== undefined) return known;
  const id = randomUUID();
  const { attributes, body, groupId, trace } = message;
  const seq = store.add(queue.arn, {
    ...{ id, body, attributes, trace, sender, groupId, dedupId, origin: "" },
    ...{ sent: now, entered: now, receives: 0, firstReceived: 0 },
    visible: now + (message.delaySeconds ?? queue.delaySeconds) * 1000,
  });
  if (dedupId !== "") store.rememberSent(queue.arn, scope, dedupId, { until: now + DEDUPLICATION_MS, id, seq });
  return { id, seq };
}

/** What SendMessage answers. */
export function sentAnswer(queue: Queue, message: GivenMessage, { id, seq }: Sent): Props {
  return {
    MessageId: id,
    MD5OfMessageBody: md5(message.body),
    ...(Object.keys(message.attributes).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(message.attributes) }),
    ...(message.trace !== "" && {
      MD5OfMessageSystemAttributes: md5OfAttributes({ AWSTraceHeader: { type: "String", value: message.trace } }),
    }),
    ...(queue.isFifo && { SequenceNumber: sequenceNumber(seq) }),
  };
}

/** Source: SendMessage, `SequenceNumber`: 128 bits, written in 20 digits. */
export function sequenceNumber(seq: number): string {
  return `1${String(seq).padStart(19, "0")}`;
}
