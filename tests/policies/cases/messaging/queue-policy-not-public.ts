import rule from "../../../../policies/rules/messaging/queue-policy-not-public.ts";
import { casesOf } from "../../support/cases.ts";
import { closedPolicyCases } from "../../support/policies.ts";

export default casesOf(
  rule,
  closedPolicyCases(
    { "aws:sqs/queue:Queue": "a queue", "aws:sqs/queuePolicy:QueuePolicy": "the policy of a queue" },
    "use the queue",
    "sqs:SendMessage",
  ),
);
