import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { type RedriveAllowPolicy, readRedriveAllowPolicy, readRedrivePolicy, type RedrivePolicy } from "./redrive.ts";

export const QUEUE = "aws:sqs/queue:Queue";
export const QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy";
export const REDRIVE_POLICY = "aws:sqs/redrivePolicy:RedrivePolicy";
export const REDRIVE_ALLOW_POLICY = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy";

/** SQS's own word for a value that it does not take. */
export const INVALID_VALUE = "InvalidParameterValue";

/** A queue as messages see it. Times are seconds, sizes bytes. */
export interface Queue {
  readonly arn: string;
  readonly url: string;
  readonly name: string;
  readonly region: string;
  readonly isFifo: boolean;
  readonly delaySeconds: number;
  readonly maxMessageBytes: number;
  readonly receiveWaitSeconds: number;
  readonly retentionSeconds: number;
  readonly visibilitySeconds: number;
  /** FIFO: whether the body stands for a deduplication id that was not given. */
  readonly dedupesByContent: boolean;
  /** FIFO: whether one deduplication id may be used once in each group. */
  readonly dedupesByGroup: boolean;
  /** Id, ARN or alias of the KMS key; empty where SQS's own key, or none, encrypts. */
  readonly key: string;
  readonly redrive: RedrivePolicy | undefined;
  readonly row: Resource;
}

/** The address of a queue: `https://sqs.eu-central-1.amazonaws.com/123456789012/jobs`. */
export function queueUrl(region: string, account: string, name: string): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${name}`;
}

/** The queues of a region, by name. */
export function queuesIn(cloud: Cloud, region: string): Queue[] {
  return cloud.world
    .all(QUEUE)
    .filter((row) => row.region === region && row.phase !== "deleting")
    .map((row) => queueOf(cloud, row))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Every queue of the account. */
export function allQueues(cloud: Cloud): Queue[] {
  return cloud.world
    .all(QUEUE)
    .filter(({ phase }) => phase !== "deleting")
    .map((row) => queueOf(cloud, row));
}

/** The queue of that ARN, in any region. */
export function queueOfArn(cloud: Cloud, arn: string): Queue | undefined {
  const row = cloud.world.by(QUEUE, "arn", arn);
  return row === undefined || row.phase === "deleting" ? undefined : queueOf(cloud, row);
}

/** The queue that a URL leads to: its path counts, as the host may be the endpoint of the sandbox. Throws `QueueDoesNotExist`. */
export function requireQueue(cloud: Cloud, url: string, region: string): Queue {
  const [, account, name] = /^(?:https?:\/\/[^/]+)?\/?(\d{12})\/([^/]+)$/.exec(url) ?? [];
  if (account === undefined && !/^[\w-]+(\.fifo)?$/.test(url))
    throw new CloudError("InvalidAddress", `The address ${url} is not valid for this endpoint.`, 404);
  const row = account === undefined || account === cloud.account ? rowNamed(cloud, name ?? url, region) : undefined;
  if (row === undefined) throw noSuchQueue();
  return queueOf(cloud, row);
}

/** The queue of that name in the region. */
export function rowNamed(cloud: Cloud, name: string, region: string): Resource | undefined {
  const row = cloud.world.get(QUEUE, queueUrl(region, cloud.account, name), region);
  return row?.phase === "deleting" ? undefined : row;
}

export function noSuchQueue(): CloudError {
  return new CloudError("QueueDoesNotExist", "The specified queue does not exist.");
}

/** What a queue's row says, and what stands beside it. */
export function queueOf(cloud: Cloud, row: Resource): Queue {
  const { inputs, outputs } = row;
  const number = (name: string): number => Number(outputs[name] ?? 0);
  return {
    arn: text(outputs, "arn"),
    url: row.id,
    name: text(outputs, "name"),
    region: row.region,
    isFifo: inputs["fifoQueue"] === true,
    delaySeconds: number("delaySeconds"),
    maxMessageBytes: number("maxMessageSize"),
    receiveWaitSeconds: number("receiveWaitTimeSeconds"),
    retentionSeconds: number("messageRetentionSeconds"),
    visibilitySeconds: number("visibilityTimeoutSeconds"),
    dedupesByContent: inputs["contentBasedDeduplication"] === true,
    dedupesByGroup: text(outputs, "deduplicationScope") === "messageGroup",
    key: text(inputs, "kmsMasterKeyId"),
    redrive: readRedrivePolicy(attributeOf(cloud, row, REDRIVE_POLICY, "redrivePolicy")),
    row,
  };
}

/** Which queues may send to it what they could not process; all of them where nothing is said. */
export function redriveAllowOf(cloud: Cloud, { row }: Queue): RedriveAllowPolicy {
  return readRedriveAllowPolicy(attributeOf(cloud, row, REDRIVE_ALLOW_POLICY, "redriveAllowPolicy"));
}

/** A policy of a queue as text, whether given with the queue or beside it; empty where it has none. */
export function attributeOf(cloud: Cloud, row: Resource, beside: string, property: string): string {
  const other = cloud.world.all(beside).find((one) => one.inputs["queueUrl"] === row.id && one.phase !== "deleting");
  const value = (other ?? row).inputs[property];
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}

/** A queue's own policy as text; empty where it has none. */
export function policyTextOf(cloud: Cloud, row: Resource): string {
  return attributeOf(cloud, row, QUEUE_POLICY, "policy");
}

/** A queue's own policy; none where it has none, and then only the account's IAM policies count. */
export function policyOf(cloud: Cloud, { row }: Queue): readonly Statement[] {
  const document = policyTextOf(cloud, row);
  return document === "" ? [] : parsePolicy(document, "resource", INVALID_VALUE);
}

/** The queues that send to this one what they could not process. */
export function sourcesOf(cloud: Cloud, { arn }: Queue): Queue[] {
  return allQueues(cloud).filter(({ redrive }) => redrive?.deadLetterTargetArn === arn);
}
