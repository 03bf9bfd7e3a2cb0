import { randomUUID } from "node:crypto";
import type { ApiCall, Demand } from "../../api/operation.ts";
import type { QueryService } from "../../api/query-protocol.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import type { MessageAttribute } from "../sqs/index.ts";
import { decrypting } from "./key-demand.ts";
import { publish } from "./publish.ts";
import {
  askForConsent,
  confirm,
  dropSubscription,
  endpointOf,
  faultInDelivery,
  isPending,
  needsConsent,
  protocolOf,
  sameSubscription,
  subscriptionsOf,
} from "./subscriptions.ts";
import { policyDocumentOf, policyOfTopic, requireTopic, TOPIC, TOPIC_SUBSCRIPTION } from "./topics.ts";

const PAGE = 100;

/** Simple Notification Service. */
export const snsApi: QueryService = {
  namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  denied: "AuthorizationError",
  operations: {
    Publish: {
      demands: (call) => [onTopic(call, "Publish"), ...decrypting(call.cloud, namedTopic(call))],
      run: (call) => {
        const { input } = call;
        const subject = text(input, "Subject") || undefined;
        return {
          MessageId: publish(call.cloud, {
            topicArn: namedTopic(call).id,
            ...messagesIn(input),
            subject,
            attributes: attributesIn(input),
          }),
        };
      },
    },
    Subscribe: {
      demands: (call) => {
        const context = { "sns:Protocol": text(call.input, "Protocol"), "sns:Endpoint": text(call.input, "Endpoint") };
        return { ...onTopic(call, "Subscribe"), context };
      },
      run: subscribe,
    },
    ConfirmSubscription: {
      demands: (call) => onTopic(call, "ConfirmSubscription"),
      run: (call) => ({ SubscriptionArn: confirm(call.cloud, text(call.input, "TopicArn"), text(call.input, "Token")).id }),
    },
    Unsubscribe: {
      demands: (call) => ({ action: "SNS:Unsubscribe", resource: text(namedSubscription(call)?.inputs ?? {}, "topic") || "*" }),
      run: (call) => {
        const row = namedSubscription(call);
        if (row !== undefined) dropSubscription(call.cloud, row);
        return {};
      },
    },
    ListTopics: {
      demands: (call) => onAll(call, "ListTopics"),
      run: (call) => {
        const topics = call.cloud.world.all(TOPIC).filter((row) => row.region === call.region);
        return page(call, topics, (items) => ({ Topics: { member: items.map(({ id }) => ({ TopicArn: id })) } }));
      },
    },
    ListSubscriptions: {
      demands: (call) => onAll(call, "ListSubscriptions"),
      run: (call) =>
        page(
          call,
          subscriptionsOf(call.cloud).filter((row) => row.region === call.region),
          listed,
        ),
    },
    ListSubscriptionsByTopic: {
      demands: (call) => onTopic(call, "ListSubscriptionsByTopic"),
      run: (call) => page(call, subscriptionsOf(call.cloud, namedTopic(call).id), listed),
    },
    GetTopicAttributes: { demands: (call) => onTopic(call, "GetTopicAttributes"), run: topicAttributes },
  },
};

/** The topic a call names; a name that is no ARN is refused as SNS does. */
function namedTopic(call: ApiCall): Resource {
  const given = text(call.input, "TopicArn") || text(call.input, "TargetArn");
  if (given === "" && text(call.input, "PhoneNumber") !== "")
    throw new CloudError("InvalidParameter", "the sandbox delivers by email and to queues, not by sms");
  if (!/^arn:aws[\w-]*:sns:[\w-]*:\d{12}:.+$/.test(given))
    throw new CloudError("InvalidParameter", "Invalid parameter: TopicArn");
  return requireTopic(call.cloud, given);
}

/** The subscription a call names; one that is gone is undefined. Throws `InvalidParameter` for what is no ARN of one. */
function namedSubscription(call: ApiCall): Resource | undefined {
  const given = text(call.input, "SubscriptionArn");
  if (!/^arn:aws[\w-]*:sns:[\w-]*:\d{12}:[^:]+:[\w-]+$/.test(given))
    throw new CloudError("InvalidParameter", "Invalid parameter: SubscriptionArn");
  return call.cloud.world.get(TOPIC_SUBSCRIPTION, given);
}

/** The default policy of a topic speaks of `AWS:SourceOwner`, which only calls of AWS's own services carry: it lets in no role of the account. */
function onTopic(call: ApiCall, action: string): Demand {
  const topic = namedTopic(call);
  return { action: `SNS:${action}`, resource: topic.id, policy: policyOfTopic(call.cloud, topic) };
}

function onAll(call: ApiCall, action: string): Demand {
  return { action: `SNS:${action}`, resource: `arn:aws:sns:${call.region}:${call.cloud.account}:*` };
}

/** With MessageStructure `json` each protocol has a message of its own, and `default` is for those without. */
function messagesIn(input: Props): { readonly message: string; readonly byProtocol?: Readonly<Record<string, string>> } {
  const message = text(input, "Message");
  if (text(input, "MessageStructure") !== "json") return { message };
  const parsed = objectIn(message);
  if (parsed === undefined)
    throw new CloudError("InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse");
  const texts = Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const { default: otherwise, ...byProtocol } = Object.fromEntries(texts);
  if (otherwise === undefined)
    throw new CloudError("InvalidParameter", "Invalid parameter: Message Structure - No default entry in JSON message body");
  return { message: otherwise, byProtocol };
}

/** The message's attributes: `MessageAttributes.entry.1.Name`, `.Value.DataType` and the value. */
function attributesIn(input: Props): Record<string, MessageAttribute> {
  const found: Record<string, MessageAttribute> = {};
  for (let index = 1; ; index++) {
    const entry = `MessageAttributes.entry.${String(index)}`;
    const name = text(input, `${entry}.Name`);
    if (name === "") return found;
    const type = text(input, `${entry}.Value.DataType`);
    const value = text(input, `${entry}.Value.${type.startsWith("Binary") ? "BinaryValue" : "StringValue"}`);
    if (!/^(String|Number|Binary)(\..+)?$/.test(type) || value === "")
      throw new CloudError(
        "ParameterValueInvalid",
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    found[name] = { type, value };
  }
}

function objectIn(json: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a subscription that no program declares. One that exists is not made again; while it waits its address is asked once more. */
function subscribe(call: ApiCall): Props {
  const { cloud, input } = call;
  const topic = namedTopic(call);
  const [protocol, endpoint] = [text(input, "Protocol"), text(input, "Endpoint")];
  const fault = faultInDelivery(protocol, endpoint);
  if (fault !== undefined) throw new CloudError("InvalidParameter", fault);
  const raw = rawDelivery(input, protocol);
  const row = cloud.world.change(() => {
    const known = sameSubscription(cloud, topic.id, protocol, endpoint);
    if (known === undefined) return makeSubscription(call, topic, { protocol, endpoint, rawMessageDelivery: raw });
    if (isPending(known)) askForConsent(cloud, topic.id, known.id, endpoint);
    return known;
  });
  const showArn = text(input, "ReturnSubscriptionArn") === "true" || !isPending(row);
  return { SubscriptionArn: showArn ? row.id : "pending confirmation" };
}

/** The one attribute of a subscription that is served. */
function rawDelivery(input: Props, protocol: string): boolean {
  const names = Object.keys(input).filter((name) => /^Attributes\.entry\.\d+\.key$/.test(name));
  const other = names.find((name) => input[name] !== "RawMessageDelivery");
  if (other !== undefined)
    throw new CloudError(
      "InvalidParameter",
      `Invalid parameter: Attributes Reason: the sandbox does not serve the attribute ${text(input, other)} of subscriptions, but RawMessageDelivery`,
    );
  const raw = names.some((name) => text(input, name.replace(/key$/, "value")) === "true");
  if (raw && protocol !== "sqs")
    throw new CloudError(
      "InvalidParameter",
      "Invalid parameter: Attributes Reason: Delivery protocol does not support raw message delivery.",
    );
  return raw;
}

function makeSubscription(
  { cloud, region }: ApiCall,
  topic: Resource,
  delivery: { readonly protocol: string; readonly endpoint: string; readonly rawMessageDelivery: boolean },
): Resource {
  const id = `${topic.id}:${randomUUID()}`;
  const pendingConfirmation = needsConsent(cloud, delivery.protocol, delivery.endpoint);
  if (pendingConfirmation) askForConsent(cloud, topic.id, id, delivery.endpoint);
  const inputs = { topic: topic.id, ...delivery };
  const outputs = { ...inputs, arn: id, ownerId: cloud.account, pendingConfirmation };
  return cloud.world.put({ type: TOPIC_SUBSCRIPTION, id, urn: "", region, inputs, outputs, phase: "ready", claimed: true });
}

function listed(rows: readonly Resource[]): Props {
  const member = rows.map((row) => ({
    SubscriptionArn: isPending(row) ? "PendingConfirmation" : row.id,
    Owner: text(row.outputs, "ownerId"),
    Protocol: protocolOf(row),
    Endpoint: endpointOf(row),
    TopicArn: text(row.inputs, "topic"),
  }));
  return { Subscriptions: { member } };
}

function topicAttributes(call: ApiCall): Props {
  const topic = namedTopic(call);
  const rows = subscriptionsOf(call.cloud, topic.id);
  const pending = rows.filter(isPending).length;
  const attributes = {
    TopicArn: topic.id,
    Owner: call.cloud.account,
    Policy: policyDocumentOf(call.cloud, topic),
    DisplayName: text(topic.inputs, "displayName"),
    KmsMasterKeyId: text(topic.inputs, "kmsMasterKeyId"),
    SubscriptionsConfirmed: String(rows.length - pending),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: "0",
  };
  const entry = Object.entries(attributes).flatMap(([key, value]) =>
    value === "" && key !== "DisplayName" ? [] : [{ key, value }],
  );
  return { Attributes: { entry } };
}

function page<T>(call: ApiCall, rows: readonly T[], shape: (items: readonly T[]) => Props): Props {
  const start = Number(text(call.input, "NextToken") || 0);
  if (!Number.isInteger(start) || start < 0) throw new CloudError("InvalidParameter", "Invalid parameter: NextToken");
  const end = start + PAGE;
  return { ...shape(rows.slice(start, end)), ...(end < rows.length ? { NextToken: String(end) } : {}) };
}
