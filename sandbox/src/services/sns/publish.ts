import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import { policyOfKey, requireKey } from "../kms/keys.ts";
import { deliverToQueue, type MessageAttribute } from "../sqs/index.ts";
import { deliver } from "./inbox.ts";
import { endpointOf, isPending, isRaw, protocolOf, subscriptionsOf } from "./subscriptions.ts";
import { policyOfTopic, requireTopic } from "./topics.ts";

/** The longest message. Source: SNS quotas, 256 KB. */
const MAX_MESSAGE = 262_144;

/** A message for a topic. */
export interface Publication {
  readonly topicArn: string;
  readonly message: string;
  /** Messages for single protocols, such as `email`. @default - all get `message` */
  readonly byProtocol?: Readonly<Record<string, string>>;
  readonly subject?: string | undefined;
  /** @default - none */
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
  /** The AWS service that speaks, such as `cloudwatch.amazonaws.com`: the topic's policy and its key must let it. @default - asked elsewhere */
  readonly service?: string;
  /** For whom the service speaks. */
  readonly sourceArn?: string;
}

/** Publishes; each subscribed address gets one mail in the inbox, each queue one message. Returns the message's id. Throws {@link CloudError} in SNS's words. */
export function publish(cloud: Cloud, publication: Publication): string {
  const { message, service, sourceArn, subject, topicArn } = publication;
  const topic = requireTopic(cloud, topicArn);
  if (message === "") throw new CloudError("InvalidParameter", "Invalid parameter: Empty message");
  if (Buffer.byteLength(message) > MAX_MESSAGE) throw new CloudError("InvalidParameter", "Invalid parameter: Message too long");
  // Source: Publish, "ASCII text that begins with a letter, number, or punctuation mark; must not include line breaks or control characters".
  if (subject !== undefined && (subject.length > 100 || !/^[\x21-\x7e][\x20-\x7e]*$/.test(subject)))
    throw new CloudError("InvalidParameter", "Invalid parameter: Subject");
  if (service !== undefined) requireAllowed(cloud, topic, service, sourceArn ?? "");
  const id = randomUUID();
  const subscribed = oneForEachAddress(subscriptionsOf(cloud, topic.id));
  cloud.world.change(() => {
    for (const row of subscribed) if (protocolOf(row) !== "sqs") sendMail(cloud, row, publication, id);
  });
  for (const row of subscribed) if (protocolOf(row) === "sqs") sendToQueue(cloud, row, publication, id);
  return id;
}

/** SNS has one subscription for an address and protocol, however often it was asked for; a confirmed one goes before one that waits. */
function oneForEachAddress(rows: readonly Resource[]): Resource[] {
  const found = new Map<string, Resource>();
  for (const row of rows) {
    const key = `${protocolOf(row)} ${endpointOf(row)}`;
    const known = found.get(key);
    if (known === undefined || (isPending(known) && !isPending(row))) found.set(key, row);
  }
  return [...found.values()];
}

function sendMail(cloud: Cloud, row: Resource, { byProtocol, message, subject, topicArn }: Publication, id: string): void {
  const protocol = protocolOf(row);
  const body = byProtocol?.[protocol] ?? message;
  deliver(cloud, {
    to: endpointOf(row),
    topicArn,
    subject: subject ?? "AWS Notification Message",
    message: protocol === "email-json" ? envelope(cloud, { topicArn, subject }, id, body) : body,
    kind: "notification",
    delivered: !isPending(row),
  });
}

/** SNS gives up at once what a queue's policy refuses; where nobody asked for the reason, people are told. */
function sendToQueue(cloud: Cloud, row: Resource, publication: Publication, id: string): void {
  const { attributes = {}, byProtocol, message, topicArn } = publication;
  const text = byProtocol?.["sqs"] ?? message;
  const raw = isRaw(row);
  const refusal = deliverToQueue(cloud, {
    queueArn: endpointOf(row),
    body: raw ? text : envelope(cloud, publication, id, text),
    ...(raw && { attributes }),
    service: "sns.amazonaws.com",
    sourceArn: topicArn,
  });
  if (refusal !== undefined) cloud.note(`The topic ${topicArn} could not deliver a message: ${refusal}.`);
}

/** What `email-json` sends, and what a queue gets. The sandbox signs no messages. Source: SNS developer guide, "HTTP/HTTPS notification JSON format". */
function envelope(
  cloud: Cloud,
  { attributes = {}, subject, topicArn }: Pick<Publication, "attributes" | "subject" | "topicArn">,
  id: string,
  message: string,
): string {
  const head = { Type: "Notification", MessageId: id, TopicArn: topicArn };
  const body = { ...(subject === undefined ? {} : { Subject: subject }), Message: message };
  const own = Object.entries(attributes).map(([name, { type, value }]) => [name, { Type: type, Value: value }] as const);
  const tail = {
    Timestamp: new Date(cloud.now()).toISOString(),
    ...(own.length > 0 && { MessageAttributes: Object.fromEntries(own) }),
  };
  return JSON.stringify({ ...head, ...body, ...tail }, undefined, 2);
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
