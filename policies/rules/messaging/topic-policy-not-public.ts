import { rule } from "../../framework/rule.ts";
import { closedToEveryone } from "../../shared/iam.ts";

const closed = closedToEveryone("use the topic");

export default rule({
  id: "topic-policy-not-public",
  title: "No policy opens a topic to everyone",
  severity: "critical",
  description: "Whoever may publish speaks to every subscriber in your name; whoever may subscribe hears all that is said.",
  remediation: "Name who may publish and subscribe in Principal, or bind the statement by a condition such as aws:SourceAccount.",
  controls: { fsbp: ["SNS.4"], wellArchitected: ["SEC03"] },
  resources: { "aws:sns/topic:Topic": closed, "aws:sns/topicPolicy:TopicPolicy": closed },
});
