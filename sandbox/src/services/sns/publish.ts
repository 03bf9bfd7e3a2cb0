import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import { policyOfKey, requireKey } from "../kms/keys.ts";
import { deliver } from "./inbox.ts";
import { endpointOf, isPending, subscriptionsOf } from "./subscriptions.ts";
import { policyOfTopic, requireTopic } from "./topics.ts";

/** The longest message. Source: SNS quotas, 256 KB. */
const MAX_MESSAGE = 262_144;

/** A message for a topic. */
export interface Publication {
  readonly topicArn: string;
  readonly message: string;
  readonly subject?: string | undefined;
  /** The AWS service that speaks, such as `cloudwatch.amazonaws.com`: the topic's policy and its key must let it. @default - asked elsewhere */
  readonly service?: string;
  /** For whom the service speaks. */
  readonly sourceArn?: string;
}

/** Publishes; each e-mail subscription gets a mail of its own in the inbox. Returns the message's id. Throws {@link CloudError} in SNS's words. */
export function publish(cloud: Cloud, { topicArn, message, subject, service, sourceArn }: Publication): string {
  const topic = requireTopic(cloud, topicArn);
  if (message === "") throw new CloudError("InvalidParameter", "Invalid parameter: Empty message");
  if (Buffer.byteLength(message) > MAX_MESSAGE) throw new CloudError("InvalidParameter", "Invalid parameter: Message too long");
  if (subject !== undefined && (subject.length > 100 || !/^[\x20-\x7e]+$/.test(subject)))
    throw new CloudError("InvalidParameter", "Invalid parameter: Subject");
  if (service !== undefined) requireAllowed(cloud, topic, service, sourceArn ?? "");
  for (const row of subscriptionsOf(cloud, topic.id)) {
    const title = text(topic.inputs, "displayName") || "AWS Notification Message";
    const mail = { to: endpointOf(row), topicArn: topic.id, subject: subject ?? title, message };
    deliver(cloud, { ...mail, kind: "notification", delivered: !isPending(row) });
  }
  return randomUUID();
}

function requireAllowed(cloud: Cloud, topic: Resource, service: string, sourceArn: string): void {
  const context = new Map([
    ["aws:sourceaccount", [cloud.account]],
    ["aws:sourceowner", [cloud.account]],
    ["aws:sourcearn", [sourceArn]],
  ]);
  const request = { principals: [service], context };
  const byTopic = decide({ ...request, action: "sns:Publish", resource: topic.id }, [], policyOfTopic(cloud, topic), {
    resourceMustAllow: true,
  });
  if (!byTopic.allowed) {
    throw new CloudError(
      "AuthorizationError",
      `${service} is not authorized to perform: SNS:Publish on resource: ${topic.id}`,
      403,
    );
  }
  const keyId = text(topic.inputs, "kmsMasterKeyId");
  if (keyId === "") return;
  // SNS's own key cannot be opened for other services. Source: SNS developer guide, "Enable compatibility between event sources and encrypted topics".
  const refused = new CloudError(
    "KMSAccessDenied",
    `${service} is not allowed to use the KMS key ${keyId} of the topic ${topic.id}`,
  );
  if (keyId.endsWith("alias/aws/sns")) throw refused;
  const key = requireKey(cloud, keyId, topic.region);
  const resource = text(key.outputs, "arn");
  for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) {
    if (!decide({ ...request, action, resource }, [], policyOfKey(cloud, key), { resourceMustAllow: true }).allowed)
      throw refused;
  }
}
