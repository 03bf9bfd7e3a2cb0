import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import { policyOfKey, requireKey, requireUsable } from "../kms/keys.ts";
import type { GivenMessage } from "./message-input.ts";
import { policyOf, type Queue, queueOfArn } from "./queues.ts";
import { send } from "./send.ts";
import type { MessageAttribute } from "./store.ts";

/** A message that a service of AWS puts into a queue. */
export interface ServiceMessage {
  readonly queueArn: string;
  readonly body: string;
  /** @default - none */
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** `sns.amazonaws.com`: the queue's policy, and its key's, must let it. */
  readonly service: string;
  /** For whom the service speaks: the topic's ARN. */
  readonly sourceArn: string;
}

/** Puts the message into the queue; returns why it cannot, in words for people, where it cannot. */
export function deliverToQueue(cloud: Cloud, message: ServiceMessage): string | undefined {
  const queue = queueOfArn(cloud, message.queueArn);
  if (queue === undefined) return `the queue ${message.queueArn} does not exist`;
  const refusal = refusalOf(cloud, queue, message);
  if (refusal !== undefined) return refusal;
  const { attributes = {}, body } = message;
  const bytes = Buffer.byteLength(body);
  if (bytes > queue.maxMessageBytes)
    return `the message has ${String(bytes)} bytes, and the queue ${queue.arn} takes ${String(queue.maxMessageBytes)}`;
  const given: GivenMessage = { body, attributes, trace: "", delaySeconds: undefined, groupId: "", dedupId: "", bytes };
  send(cloud, queue, [given], message.service);
  return undefined;
}

function refusalOf(cloud: Cloud, queue: Queue, { service, sourceArn }: ServiceMessage): string | undefined {
  const context = new Map([
    ["aws:sourceaccount", [cloud.account]],
    ["aws:sourcearn", [sourceArn]],
    ["aws:securetransport", ["true"]],
    ["aws:principalisawsservice", ["true"]],
  ]);
  const request = { principals: [service], context };
  const sendMessage = { ...request, action: "sqs:SendMessage", resource: queue.arn };
  if (!decide(sendMessage, [], policyOf(cloud, queue), { resourceMustAllow: true }).allowed)
    return `the policy of the queue ${queue.arn} does not let ${service} send to it for ${sourceArn}`;
  return queue.key === "" ? undefined : refusalOfKey(cloud, queue, request, service);
}

/** SQS's own key cannot be opened for other services. Source: SNS developer guide, "Subscribing an encrypted Amazon SQS queue to an Amazon SNS topic". */
function refusalOfKey(
  cloud: Cloud,
  queue: Queue,
  request: { readonly principals: readonly string[]; readonly context: ReadonlyMap<string, readonly string[]> },
  service: string,
): string | undefined {
  const refused = `the key ${queue.key} of the queue ${queue.arn} does not let ${service} use it`;
  if (queue.key.endsWith("alias/aws/sqs")) return `${refused}: it takes a key of your own, whose policy can`;
  try {
    const key = requireKey(cloud, queue.key, queue.region);
    requireUsable(key);
    const resource = text(key.outputs, "arn");
    const allowed = ["kms:GenerateDataKey", "kms:Decrypt"].every(
      (action) => decide({ ...request, action, resource }, [], policyOfKey(cloud, key), { resourceMustAllow: true }).allowed,
    );
    return allowed ? undefined : refused;
  } catch (error) {
    if (error instanceof CloudError) return error.message;
    throw error;
  }
}
