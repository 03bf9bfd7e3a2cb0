import type { TopicSubscriptionArgs } from "@pulumi/aws/sns/topicSubscription.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** The protocols by which machines are told; SNS keeps no dead letters of messages to people. */
const MACHINES: readonly (string | undefined)[] = ["sqs", "lambda", "http", "https", "firehose"];

export default rule({
  id: "topic-subscription-dead-letters",
  title: "What a topic cannot deliver is set aside",
  severity: "medium",
  description: "When a subscriber stays away for longer than SNS tries again, the message is gone and nobody is told.",
  remediation: "Name a queue as deadLetterTargetArn in redrivePolicy, and let SNS send to it by the policy of that queue.",
  controls: { wellArchitected: ["REL05"] },
  since: "scaled",
  resources: {
    "aws:sns/topicSubscription:TopicSubscription": (subscription: Resource<TopicSubscriptionArgs>, { must }) => {
      if (MACHINES.includes(subscription.at("protocol").value))
        must(subscription.at("redrivePolicy"), beSet("name a dead-letter queue"));
    },
  },
});
