import type { TopicArgs } from "@pulumi/aws/sns/topic.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "topic-encrypted",
  title: "A topic is encrypted at rest with a key",
  severity: "medium",
  description: "What SNS has accepted and not yet delivered is stored. With a key, its policy decides who reads it.",
  remediation:
    "Name a key in kmsMasterKeyId. A service that publishes, such as CloudWatch, must be let in by the policy of the key.",
  controls: { securityHub: ["SNS.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:sns/topic:Topic": (topic: Resource<TopicArgs>, { must }) => must(topic.at("kmsMasterKeyId"), beSet("name a key")),
  },
});
