import type { ApiCall, Demand } from "../../api/operation.ts";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { useOfKey } from "../kms/use.ts";
import { policyOf, type Queue, requireQueue } from "./queues.ts";

/** The queue a call names. */
export function namedQueue(call: ApiCall): Queue {
  return requireQueue(call.cloud, text(call.input, "QueueUrl"), call.region);
}

/** What IAM, or the queue's own policy, must allow. SQS writes the action in small letters when it refuses. */
export function onQueue(cloud: Cloud, action: string, queue: Queue): Demand {
  return { action: `sqs:${action.toLowerCase()}`, resource: queue.arn, policy: policyOf(cloud, queue) };
}

/** The same for the queue that the call names. */
export function onNamedQueue(action: string): (call: ApiCall) => Demand {
  return (call) => onQueue(call.cloud, action, namedQueue(call));
}

/** What a sender needs: of an encrypted queue's key as well. */
export function sending(call: ApiCall): Demand[] {
  const queue = namedQueue(call);
  return [
    onQueue(call.cloud, "SendMessage", queue),
    ...ofKey(call.cloud, queue, "GenerateDataKey"),
    ...ofKey(call.cloud, queue, "Decrypt"),
  ];
}

/** What a receiver needs. Source: SQS developer guide, "Amazon SQS Key management", "Configuring KMS permissions". */
export function receiving(call: ApiCall): Demand[] {
  const queue = namedQueue(call);
  return [onQueue(call.cloud, "ReceiveMessage", queue), ...ofKey(call.cloud, queue, "Decrypt")];
}

/** How SQS names what KMS refuses. */
const KMS_CODES: Readonly<Record<string, string>> = {
  DisabledException: "KmsDisabled",
  KMSInvalidStateException: "KmsInvalidState",
  NotFoundException: "KmsNotFound",
};

function ofKey(cloud: Cloud, queue: Queue, action: "GenerateDataKey" | "Decrypt"): Demand[] {
  try {
    const { arn, key, region } = queue;
    return useOfKey(cloud, { key, action, service: "sqs", region, encryptionContext: { "aws:sqs:arn": arn } });
  } catch (error) {
    const code = error instanceof CloudError ? KMS_CODES[error.code] : undefined;
    throw code === undefined ? error : new CloudError(code, (error as Error).message);
  }
}
