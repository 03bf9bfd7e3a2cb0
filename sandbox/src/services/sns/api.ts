import { randomUUID } from "node:crypto";
import type { ApiCall, Demand } from "../../api/operation.ts";
import type { QueryService } from "../../api/query-protocol.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { decrypting } from "./key-demand.ts";
import { publish } from "./publish.ts";
import {
  askForConsent,
  confirm,
  endpointOf,
  faultInDelivery,
  forgetTokens,
  isPending,
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
        const message = text(input, "Message");
        return {
          MessageId: publish(call.cloud, {
            topicArn: namedTopic(call).id,
            message: messageFor(input, message),
            subject: text(input, "Subject") || undefined,
          }),
        };
      },
    },
    Subscribe: { demands: (call) => onTopic(call, "Subscribe"), run: subscribe },
    ConfirmSubscription: {
      demands: (call) => onTopic(call, "ConfirmSubscription"),
      run: (call) => ({ SubscriptionArn: confirm(call.cloud, text(call.input, "TopicArn"), text(call.input, "Token")).id }),
    },
    Unsubscribe: {
      demands: (call) => ({ action: "sns:Unsubscribe", resource: text(call.input, "SubscriptionArn") || "*" }),
      run: (call) => {
        const row = call.cloud.world.get(TOPIC_SUBSCRIPTION, text(call.input, "SubscriptionArn"));
        if (row !== undefined) forgetTokens(call.cloud, row.id);
        if (row !== undefined) call.cloud.world.drop(row);
        return {};
      },
    },
    ListTopics: {
      demands: (call) => ({ action: "sns:ListTopics", resource: `arn:aws:sns:${call.region}:${call.cloud.account}:*` }),
      run: (call) => {
        const topics = call.cloud.world.all(TOPIC).filter((row) => row.region === call.region);
        return page(call, topics, (items) => ({ Topics: { member: items.map(({ id }) => ({ TopicArn: id })) } }));
      },
    },
    ListSubscriptions: {
      demands: (call) => ({ action: "sns:ListSubscriptions", resource: `arn:aws:sns:${call.region}:${call.cloud.account}:*` }),
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
    throw new CloudError("InvalidParameter", "the sandbox delivers by email only, not by sms");
  if (!/^arn:aws[\w-]*:sns:[\w-]*:\d{12}:.+$/.test(given))
    throw new CloudError("InvalidParameter", "Invalid parameter: TopicArn");
  return requireTopic(call.cloud, given);
}

function onTopic(call: ApiCall, action: string): Demand {
  const topic = namedTopic(call);
  return {
    action: `sns:${action}`,
    resource: topic.id,
    policy: policyOfTopic(call.cloud, topic),
    context: { "aws:SourceOwner": call.cloud.account },
  };
}

/** With MessageStructure `json` each protocol has a message of its own, and `default` is for those without. */
function messageFor(input: Props, message: string): string {
  if (text(input, "MessageStructure") !== "json") return message;
  let parsed: unknown;
  try {
    parsed = JSON.parse(message);
  } catch {
    throw new CloudError("InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse");
  }
  const { email, default: otherwise } = (parsed ?? {}) as { email?: unknown; default?: unknown };
  if (typeof otherwise !== "string")
    throw new CloudError("InvalidParameter", "Invalid parameter: Message Structure - No default entry in JSON message body");
  return typeof email === "string" ? email : otherwise;
}

/** Makes a subscription that no program declares. One that exists is not made again. */
function subscribe(call: ApiCall): Props {
  const { cloud, input } = call;
  const topic = namedTopic(call);
  const [protocol, endpoint] = [text(input, "Protocol"), text(input, "Endpoint")];
  const fault = faultInDelivery(protocol, endpoint);
  if (fault !== undefined) throw new CloudError("InvalidParameter", fault);
  const known = subscriptionsOf(cloud, topic.id).find(
    (row) => endpointOf(row) === endpoint && text(row.inputs, "protocol") === protocol,
  );
  const row = known ?? cloud.world.change(() => makeSubscription(call, topic, protocol, endpoint));
  const showArn = text(input, "ReturnSubscriptionArn") === "true" || !isPending(row);
  return { SubscriptionArn: showArn ? row.id : "pending confirmation" };
}

function makeSubscription({ cloud, region }: ApiCall, topic: Resource, protocol: string, endpoint: string): Resource {
  const id = `${topic.id}:${randomUUID()}`;
  askForConsent(cloud, topic.id, id, endpoint);
  const inputs = { topic: topic.id, protocol, endpoint };
  const outputs = { ...inputs, arn: id, ownerId: cloud.account, pendingConfirmation: true };
  return cloud.world.put({ type: TOPIC_SUBSCRIPTION, id, urn: "", region, inputs, outputs, phase: "ready", claimed: true });
}

function listed(rows: readonly Resource[]): Props {
  const member = rows.map((row) => ({
    SubscriptionArn: isPending(row) ? "PendingConfirmation" : row.id,
    Owner: text(row.outputs, "ownerId"),
    Protocol: text(row.inputs, "protocol"),
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
