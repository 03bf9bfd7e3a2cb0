import rule from "../../../../policies/rules/messaging/topic-policy-not-public.ts";
import { casesOf } from "../../support/cases.ts";
import { closedPolicyCases } from "../../support/policies.ts";

export default casesOf(
  rule,
  closedPolicyCases(
    { "aws:sns/topic:Topic": "a topic", "aws:sns/topicPolicy:TopicPolicy": "the policy of a topic" },
    "use the topic",
    "sns:Publish",
  ),
);
