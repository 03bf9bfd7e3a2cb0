import { rule } from "../../framework/rule.ts";
import { closedToEveryone } from "../../shared/iam.ts";

const closed = closedToEveryone("use the queue");

export default rule({
  id: "queue-policy-not-public",
  title: "No policy opens a queue to everyone",
  severity: "critical",
  description:
    "Whoever may send to a queue gives its workers orders; whoever may receive reads and removes what was meant for them.",
  remediation: "Name who may send and receive in Principal, or bind the statement by a condition such as aws:SourceArn.",
  controls: { fsbp: ["SQS.3"], wellArchitected: ["SEC03"] },
  resources: { "aws:sqs/queue:Queue": closed, "aws:sqs/queuePolicy:QueuePolicy": closed },
});
