import rule from "../../../../policies/rules/messaging/topic-subscription-dead-letters.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const redrivePolicy = JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:eu-central-1:123456789012:undelivered" });

export default casesOf(rule, {
  passes: {
    "a function with a queue for what did not reach it": { given: [SUBSCRIPTION, { protocol: "lambda", redrivePolicy }] },
    "a person": { given: [SUBSCRIPTION, { protocol: "email" }] },
  },
  fails: {
    "a function without one": {
      given: [SUBSCRIPTION, { protocol: "lambda" }],
      says: "redrivePolicy is nothing; it must name a dead-letter queue.",
    },
    "a queue with an empty policy": {
      given: [SUBSCRIPTION, { protocol: "sqs", redrivePolicy: "" }],
      says: 'redrivePolicy is ""; it must name a dead-letter queue.',
    },
  },
  unknown: {
    "a queue that is made later": { given: [SUBSCRIPTION, { protocol: "https", redrivePolicy: UNKNOWN }], open: "redrivePolicy" },
    "a way that is chosen later": { given: [SUBSCRIPTION, { protocol: UNKNOWN }], open: "protocol" },
  },
  survives: {
    "protocol: left out": "SNS refuses a subscription without a protocol",
    "protocol: empty": "SNS refuses a subscription without a protocol",
    "protocol: another text": "SNS keeps dead letters of no other protocol",
    "redrivePolicy: another text": "SNS refuses what is no redrive policy",
  },
});
