import rule from "../../../../policies/rules/messaging/topic-subscription-tls.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

export default casesOf(rule, {
  passes: {
    "a web server by TLS": { given: [SUBSCRIPTION, { protocol: "https", endpoint: "https://shop.example.com/events" }] },
    "a queue": { given: [SUBSCRIPTION, { protocol: "sqs" }] },
  },
  fails: {
    "a web server by plain HTTP": {
      given: [SUBSCRIPTION, { protocol: "http", endpoint: "http://shop.example.com/events" }],
      says: 'protocol is "http"; it must not be "http".',
    },
  },
  unknown: { "a way that is chosen later": { given: [SUBSCRIPTION, { protocol: UNKNOWN }], open: "protocol" } },
  survives: {
    "protocol: left out": "SNS refuses a subscription without a protocol",
    "protocol: empty": "SNS refuses a subscription without a protocol",
    "protocol: another text": "every other protocol is encrypted, or is none of the web",
    "endpoint: *": "where the message goes is not the subject",
  },
});
