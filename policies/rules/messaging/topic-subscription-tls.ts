import type { TopicSubscriptionArgs } from "@pulumi/aws/sns/topicSubscription.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "topic-subscription-tls",
  title: "A topic speaks to web servers by TLS only",
  severity: "medium",
  description: "By plain HTTP the message, and the link by which anyone ends the subscription, are readable on the way.",
  remediation: 'Give the endpoint a certificate, and subscribe it with the protocol "https".',
  controls: { wellArchitected: ["SEC09"] },
  resources: {
    "aws:sns/topicSubscription:TopicSubscription": (subscription: Resource<TopicSubscriptionArgs>, { must }) =>
      must(subscription.at("protocol"), beNoneOf("http")),
  },
});
