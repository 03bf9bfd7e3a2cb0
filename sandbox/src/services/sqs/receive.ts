import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { messagingOf } from "./messaging.ts";
import { INVALID_VALUE, type Queue, queueOfArn } from "./queues.ts";
import type { Message } from "./store.ts";

/** Messages that may be in flight at once. Source: SQS developer guide, "Amazon SQS message quotas". */
export const MAX_IN_FLIGHT = 120_000;

/** What a receiver asks for. */
export interface Wanted {
  /** 1 to 10. */
  readonly most: number;
  readonly visibilitySeconds: number;
  /** 0 to 20. */
  readonly waitSeconds: number;
}

/** Receives messages, and waits for the first one as long as is wanted. Throws `OverLimit` where too many are in flight. */
export async function receive(cloud: Cloud, queue: Queue, wanted: Wanted, gone: AbortSignal): Promise<Message[]> {
  const messaging = messagingOf(cloud);
  // The wait is one of the client's clock, which a test's does not move.
  const end = Date.now() + wanted.waitSeconds * 1000;
  for (;;) {
    const messages = gone.aborted ? [] : take(cloud, queue, wanted);
    const left = end - Date.now();
    if (messages.length > 0 || left <= 0 || gone.aborted) {
      messaging.count(
        queue.arn,
        messages.length > 0 ? "NumberOfMessagesReceived" : "NumberOfEmptyReceives",
        messages.length || 1,
      );
      return messages;
    }
    const now = cloud.now();
    const next = messaging.store.nextVisible(queue.arn, now);
    await messaging.wait(queue.arn, next === undefined ? left : Math.min(left, next - now), gone);
    // The queue may have been deleted meanwhile.
    if (queueOfArn(cloud, queue.arn) === undefined) return [];
  }
}

/** Takes what is there, and sets aside what was received too often. */
function take(cloud: Cloud, queue: Queue, { most, visibilitySeconds }: Wanted): Message[] {
  const { store } = messagingOf(cloud);
  const now = cloud.now();
  const { found, failed } = store.change(() => {
    expire(cloud, queue);
    const found: Message[] = [];
    let failed = 0;
    for (let before = -1; before < failed && found.length < most;) {
      before = failed;
      for (const message of store.receivable(queue.arn, now, most - found.length, queue.isFifo)) {
        // One that was set aside makes room for another.
        if (setAside(cloud, queue, message, now)) failed++;
        else found.push(hide(cloud, message, visibilitySeconds));
      }
    }
    if (found.length > 0 && store.counts(queue.arn, now).inFlight > MAX_IN_FLIGHT)
      throw new CloudError("OverLimit", `The maximum number of in flight messages is reached: ${String(MAX_IN_FLIGHT)}.`);
    return { found, failed };
  });
  if (failed > 0) messagingOf(cloud).arrived(queue.redrive?.deadLetterTargetArn ?? "");
  return found;
}

/** Forgets the messages that are older than their queue keeps them. */
export function expire(cloud: Cloud, queue: Queue): void {
  messagingOf(cloud).store.expire(queue.arn, cloud.now() - queue.retentionSeconds * 1000);
}

/** Hides a message from others while its receiver works on it. */
function hide(cloud: Cloud, message: Message, seconds: number): Message {
  const now = cloud.now();
  const receipt = randomUUID();
  const visible = now + seconds * 1000;
  messagingOf(cloud).store.hide(message.seq, visible, receipt, now);
  const firstReceived = message.firstReceived === 0 ? now : message.firstReceived;
  return { ...message, receipt, visible, firstReceived, receives: message.receives + 1 };
}

/** Moves a message that was received as often as its queue allows to the dead-letter queue; says whether it did. One that is gone takes nothing. */
function setAside(cloud: Cloud, queue: Queue, message: Message, now: number): boolean {
  const { redrive } = queue;
  if (redrive === undefined || message.receives < redrive.maxReceiveCount) return false;
  if (queueOfArn(cloud, redrive.deadLetterTargetArn) === undefined) return false;
  const { store } = messagingOf(cloud);
  const { queue: _queue, receipt: _receipt, seq, ...content } = message;
  store.delete(seq);
  // A standard queue's message keeps the time it was sent, which is what its retention counts from; a FIFO queue's does not.
  // Source: SQS developer guide, "Using dead-letter queues".
  const sent = queue.isFifo ? now : message.sent;
  store.add(redrive.deadLetterTargetArn, { ...content, sent, entered: now, visible: now, origin: queue.arn });
  return true;
}

/** The receipt handle that a receiver gets: opaque to it, and for this one time that the message was received. */
export function receiptHandle(message: Message): string {
  return Buffer.from(JSON.stringify([message.queue, message.seq, message.receipt])).toString("base64");
}

/** Deletes the message that was received with this handle. One that is gone already is fine, and so is a standard queue's older handle, which deletes nothing. */
export function remove(cloud: Cloud, queue: Queue, handle: string): void {
  const { store } = messagingOf(cloud);
  const message = heldBy(cloud, queue, handle);
  if (message !== undefined && queue.isFifo) requireHeld(cloud, message, handle);
  if (message === undefined || message.receipt !== receiptIn(handle).receipt) return;
  store.delete(message.seq);
  messagingOf(cloud).count(queue.arn, "NumberOfMessagesDeleted", 1);
  if (queue.isFifo) messagingOf(cloud).arrived(queue.arn);
}

/** Hides the message for that long from now on; 0 gives it back at once. Throws where it is not in flight. */
export function changeVisibility(cloud: Cloud, queue: Queue, handle: string, seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 43_200)
    throw new CloudError(
      INVALID_VALUE,
      `Value ${String(seconds)} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.`,
    );
  const message = heldBy(cloud, queue, handle);
  const now = cloud.now();
  if (message === undefined || message.receipt !== receiptIn(handle).receipt || message.visible <= now)
    throw new CloudError(
      INVALID_VALUE,
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    );
  messagingOf(cloud).store.show(message.seq, now + seconds * 1000);
  messagingOf(cloud).arrived(queue.arn);
}

function heldBy(cloud: Cloud, queue: Queue, handle: string): Message | undefined {
  const { arn, seq } = receiptIn(handle);
  if (arn !== queue.arn) throw invalidHandle(handle);
  const message = messagingOf(cloud).store.get(seq);
  return message?.queue === queue.arn ? message : undefined;
}

/** A FIFO queue tells when the time for a message is over: another may have it by now. */
function requireHeld(cloud: Cloud, message: Message, handle: string): void {
  if (message.receipt === receiptIn(handle).receipt && message.visible > cloud.now()) return;
  throw new CloudError(
    INVALID_VALUE,
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  );
}

function receiptIn(handle: string): { readonly arn: string; readonly seq: number; readonly receipt: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(handle, "base64").toString());
    const [arn, seq, receipt] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
    if (typeof arn === "string" && typeof seq === "number" && typeof receipt === "string") return { arn, seq, receipt };
  } catch {
    // Answered below, like anything else that is no handle.
  }
  throw invalidHandle(handle);
}

function invalidHandle(handle: string): CloudError {
  return new CloudError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
}
