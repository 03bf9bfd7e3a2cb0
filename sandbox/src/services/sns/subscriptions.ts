import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { deliver } from "./inbox.ts";
import { requireTopic, TOPIC_SUBSCRIPTION } from "./topics.ts";

/** Protocols by which SNS delivers; the sandbox serves three of them. */
const PROTOCOLS = ["email", "email-json", "http", "https", "sqs", "sms", "lambda", "firehose", "application"];
const SERVED = ["email", "email-json", "sqs"];

/** What is wrong with the way messages are to be delivered, or undefined. */
export function faultInDelivery(protocol: string, endpoint: string): string | undefined {
  if (!PROTOCOLS.includes(protocol)) return `Invalid parameter: Does not support this protocol string: ${protocol}`;
  if (!SERVED.includes(protocol)) return `the sandbox delivers by ${SERVED.join(" and ")} only, not by ${protocol}`;
  if (protocol === "sqs") return faultInQueue(endpoint);
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(endpoint) ? undefined : `Invalid parameter: Email address: "${endpoint}"`;
}

function faultInQueue(endpoint: string): string | undefined {
  if (!/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/.test(endpoint))
    return `Invalid parameter: SQS endpoint ARN: "${endpoint}"`;
  return endpoint.endsWith(".fifo")
    ? "Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics"
    : undefined;
}

/** Whether the one who gets the messages must consent: an address, but not a queue of the topic's own account. Throws `InvalidParameter` for another's. */
export function needsConsent(cloud: Cloud, protocol: string, endpoint: string): boolean {
  if (protocol !== "sqs") return true;
  if (endpoint.split(":")[4] === cloud.account) return false;
  throw new CloudError("InvalidParameter", `the sandbox has one account, ${cloud.account}: it does not deliver to ${endpoint}`);
}

/** Sends the mail that asks the address for its consent, and remembers the token in it. */
export function askForConsent(cloud: Cloud, topicArn: string, subscriptionArn: string, endpoint: string): void {
  const token = randomUUID().replaceAll("-", "");
  cloud.world.space<string>("sns-token").set(token, subscriptionArn);
  deliver(cloud, {
    to: endpoint,
    topicArn,
    subject: "AWS Notification - Subscription Confirmation",
    message:
      `You have chosen to subscribe to the topic:\n${topicArn}\n\n` +
      `To confirm this subscription, call ConfirmSubscription with this token: ${token}\n` +
      "Until then nothing that is published reaches this address.",
    kind: "confirmation",
    delivered: true,
    token,
  });
}

/** Confirms the subscription the token was made for. Throws `InvalidParameter` for a token that fits none. */
export function confirm(cloud: Cloud, topicArn: string, token: string): Resource {
  requireTopic(cloud, topicArn);
  const subscriptionArn = cloud.world.space<string>("sns-token").get(token) ?? "";
  const row = cloud.world.get(TOPIC_SUBSCRIPTION, subscriptionArn);
  if (row === undefined || row.inputs["topic"] !== topicArn) throw new CloudError("InvalidParameter", "Invalid parameter: Token");
  cloud.world.setOutputs(row, { pendingConfirmation: false });
  return row;
}

/** Every subscription of a topic, or of all. */
export function subscriptionsOf(cloud: Cloud, topicArn?: string): Resource[] {
  const rows = cloud.world.all(TOPIC_SUBSCRIPTION).filter((row) => row.phase !== "deleting");
  return topicArn === undefined ? rows : rows.filter((row) => row.inputs["topic"] === topicArn);
}

/** The subscription of a topic that such a one would be the same as. */
export function sameSubscription(cloud: Cloud, topicArn: string, protocol: string, endpoint: string): Resource | undefined {
  const same = subscriptionsOf(cloud, topicArn).filter((row) => protocolOf(row) === protocol && endpointOf(row) === endpoint);
  return same.find((row) => !isPending(row)) ?? same[0];
}

/** Drops a subscription that the engine did not ask to delete, and what belongs to it. */
export function dropSubscription(cloud: Cloud, row: Resource): void {
  cloud.world.change(() => {
    forgetTokens(cloud, row.id);
    cloud.world.drop(row);
  });
}

/** Forgets the tokens of a subscription that goes. */
export function forgetTokens(cloud: Cloud, subscriptionArn: string): void {
  const tokens = cloud.world.space<string>("sns-token");
  for (const [token, arn] of tokens.entries()) if (arn === subscriptionArn) tokens.delete(token);
}

/** Whether messages still wait for the address's consent. */
export function isPending(row: Resource): boolean {
  return row.outputs["pendingConfirmation"] === true;
}

/** The address of a subscription. */
export function endpointOf(row: Resource): string {
  return text(row.inputs, "endpoint");
}

/** Whether the message goes as it is, without the envelope that says where it is from. */
export function isRaw(row: Resource): boolean {
  return row.inputs["rawMessageDelivery"] === true;
}

/** `email`, `email-json` or `sqs`. */
export function protocolOf(row: Resource): string {
  return text(row.inputs, "protocol");
}
