import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { messagingOf } from "./messaging.ts";
import { expire } from "./receive.ts";
import { attributeOf, policyTextOf, type Queue, REDRIVE_ALLOW_POLICY, REDRIVE_POLICY } from "./queues.ts";

/** Every attribute that there is. Source: SQS API Reference, GetQueueAttributes. */
const NAMES = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "ContentBasedDeduplication",
  "CreatedTimestamp",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "LastModifiedTimestamp",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "Policy",
  "QueueArn",
  "ReceiveMessageWaitTimeSeconds",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
];

/** The attributes of those names, or all of them for `All`; those that the queue does not have are left out. Throws `InvalidAttributeName`. */
export function queueAttributes(cloud: Cloud, queue: Queue, names: readonly string[]): Record<string, string> {
  const unknown = names.find((name) => name !== "All" && !NAMES.includes(name));
  if (unknown !== undefined) throw new CloudError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  const wanted = names.includes("All") ? NAMES : names;
  const all = allAttributes(cloud, queue);
  return Object.fromEntries(wanted.flatMap((name) => (all[name] === undefined || all[name] === "" ? [] : [[name, all[name]]])));
}

function allAttributes(cloud: Cloud, queue: Queue): Record<string, string | undefined> {
  const { outputs } = queue.row;
  expire(cloud, queue);
  const counts = messagingOf(cloud).store.counts(queue.arn, cloud.now());
  const times = queueTimes(cloud, queue.arn);
  return {
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    CreatedTimestamp: seconds(times.created),
    LastModifiedTimestamp: seconds(times.modified),
    DelaySeconds: String(queue.delaySeconds),
    MaximumMessageSize: String(queue.maxMessageBytes),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitSeconds),
    VisibilityTimeout: String(queue.visibilitySeconds),
    QueueArn: queue.arn,
    Policy: policyTextOf(cloud, queue.row),
    RedrivePolicy: attributeOf(cloud, queue.row, REDRIVE_POLICY, "redrivePolicy"),
    RedriveAllowPolicy: attributeOf(cloud, queue.row, REDRIVE_ALLOW_POLICY, "redriveAllowPolicy"),
    SqsManagedSseEnabled: String(outputs["sqsManagedSseEnabled"] === true),
    ...(queue.key !== "" && {
      KmsMasterKeyId: queue.key,
      KmsDataKeyReusePeriodSeconds: String(Number(outputs["kmsDataKeyReusePeriodSeconds"])),
    }),
    ...(queue.isFifo && {
      FifoQueue: "true",
      ContentBasedDeduplication: String(queue.dedupesByContent),
      DeduplicationScope: text(outputs, "deduplicationScope"),
      FifoThroughputLimit: text(outputs, "fifoThroughputLimit"),
    }),
  };
}

/** When a queue was made and last changed, in milliseconds since the epoch. */
type Times = { created: number; modified: number };

/** Remembers that a queue was made or changed now. */
export function touchQueue(cloud: Cloud, arn: string): void {
  const now = cloud.now();
  cloud.world.space<Times>("sqs-times").set(arn, { created: queueTimes(cloud, arn, now).created, modified: now });
}

/** Forgets a queue that is deleted. */
export function forgetTimes(cloud: Cloud, arn: string): void {
  cloud.world.space<Times>("sqs-times").delete(arn);
}

function queueTimes(cloud: Cloud, arn: string, otherwise = 0): Times {
  return cloud.world.space<Times>("sqs-times").get(arn) ?? { created: otherwise, modified: otherwise };
}

function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
