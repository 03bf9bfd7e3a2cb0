import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";

export const TOPIC = "aws:sns/topic:Topic";
export const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
export const TOPIC_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

/** The topic of that ARN. Throws `NotFound`. */
export function requireTopic(cloud: Cloud, topicArn: string): Resource {
  const topic = cloud.world.get(TOPIC, topicArn);
  if (topic === undefined) throw noSuchTopic();
  return topic;
}

export function noSuchTopic(): CloudError {
  return new CloudError("NotFound", "Topic does not exist", 404);
}

/** A topic's policy: one given beside it, else its own, else the default one that lets in its account. */
export function policyOfTopic(cloud: Cloud, topic: Resource): readonly Statement[] {
  return parsePolicy(policyDocumentOf(cloud, topic), "resource", "InvalidParameter");
}

export function policyDocumentOf(cloud: Cloud, topic: Resource): string {
  const beside = cloud.world.all(TOPIC_POLICY).find((row) => row.inputs["arn"] === topic.id && row.phase !== "deleting");
  const own = beside === undefined ? text(topic.inputs, "policy") : text(beside.inputs, "policy");
  return own === "" ? defaultPolicy(topic.id, cloud.account) : own;
}

/** Actions on a topic that its policy may speak of. Source: SNS developer guide, "Example cases for access control" and the default policy. */
const TOPIC_ACTIONS = [
  "Publish",
  "RemovePermission",
  "SetTopicAttributes",
  "DeleteTopic",
  "ListSubscriptionsByTopic",
  "GetTopicAttributes",
  "AddPermission",
  "Subscribe",
];

/** The policy SNS gives a topic that came without one. */
export function defaultPolicy(topicArn: string, account: string): string {
  const statement = {
    Sid: "__default_statement_ID",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: TOPIC_ACTIONS.map((name) => `SNS:${name}`),
    Resource: topicArn,
    Condition: { StringEquals: { "AWS:SourceOwner": account } },
  };
  return JSON.stringify({ Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] });
}

/** Throws `InvalidParameter` unless the document is a policy for that topic. */
export function checkTopicPolicy(document: string, topicArn: string): void {
  for (const { actions = [], resources = [] } of parsePolicy(document, "resource", "InvalidParameter")) {
    if (!actions.every(isTopicAction))
      throw new CloudError("InvalidParameter", "Invalid parameter: Policy statement action out of service scope!");
    const foreign = resources.find((resource) => resource !== topicArn && resource !== "*" && !resource.endsWith(":*"));
    if (foreign !== undefined) {
      throw new CloudError(
        "InvalidParameter",
        `Invalid parameter: Policy statement resource ${foreign} is not the topic ${topicArn}`,
      );
    }
  }
}

/** `sns:*`, which also means what is not done to a topic, is refused by SNS as well. */
function isTopicAction(action: string): boolean {
  return TOPIC_ACTIONS.some((name) => action.toLowerCase() === `sns:${name.toLowerCase()}`);
}
