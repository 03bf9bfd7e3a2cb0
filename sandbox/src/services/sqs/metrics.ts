import type { Cloud } from "../../core/cloud.ts";
import { messagingOf } from "./messaging.ts";
import { allQueues, type Queue } from "./queues.ts";
import { expire } from "./receive.ts";

const NAMESPACE = "AWS/SQS";
const COUNTED = ["NumberOfMessagesSent", "NumberOfMessagesReceived", "NumberOfMessagesDeleted", "NumberOfEmptyReceives"];

/**
 * Publishes what queues publish of themselves, by `QueueName` (SQS developer guide, "Available CloudWatch metrics for Amazon SQS"), and clears away what is
 * too old. SQS stops after six hours without a call; the sandbox does not.
 */
export function collectQueues(cloud: Cloud, minute: number): void {
  const queues = allQueues(cloud);
  if (queues.length > 0) messagingOf(cloud).store.forgetSent(cloud.now());
  for (const queue of queues) {
    expire(cloud, queue);
    depth(cloud, queue, minute);
    traffic(cloud, queue, minute);
  }
}

function depth(cloud: Cloud, queue: Queue, minute: number): void {
  const { store } = messagingOf(cloud);
  const now = cloud.now();
  const counts = store.counts(queue.arn, now);
  put(cloud, queue, "ApproximateNumberOfMessagesVisible", counts.visible, "Count", minute);
  put(cloud, queue, "ApproximateNumberOfMessagesNotVisible", counts.inFlight, "Count", minute);
  put(cloud, queue, "ApproximateNumberOfMessagesDelayed", counts.delayed, "Count", minute);
  const oldest = store.oldest(queue.arn);
  const age = oldest === undefined ? 0 : Math.max(0, Math.floor((now - oldest) / 1000));
  put(cloud, queue, "ApproximateAgeOfOldestMessage", age, "Seconds", minute);
  if (queue.isFifo)
    put(cloud, queue, "ApproximateNumberOfGroupsWithInflightMessages", store.groupsInFlight(queue.arn, now), "Count", minute);
}

function traffic(cloud: Cloud, queue: Queue, minute: number): void {
  const taken = messagingOf(cloud).taken(queue.arn);
  for (const name of COUNTED) put(cloud, queue, name, taken.get(name) ?? 0, "Count", minute);
  const sent = taken.get("NumberOfMessagesSent") ?? 0;
  if (sent > 0) put(cloud, queue, "SentMessageSize", (taken.get("SentMessageSize") ?? 0) / sent, "Bytes", minute);
}

function put(cloud: Cloud, queue: Queue, name: string, value: number, unit: string, at: number): void {
  cloud.putMetric(NAMESPACE, name, { QueueName: queue.name }, value, { unit, at, region: queue.region });
}
