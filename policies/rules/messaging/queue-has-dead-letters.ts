import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { isDeadLetterQueue, setsAside } from "../../shared/queues.ts";

export default rule({
  id: "queue-has-dead-letters",
  title: "A queue sets aside what could not be worked off",
  severity: "high",
  description:
    "Without a dead-letter queue a message that breaks its worker comes back until it expires: it costs work, blocks a FIFO queue, and is then lost.",
  remediation: "Add a second aws.sqs.Queue, and name it as deadLetterTargetArn in redrivePolicy, with a maxReceiveCount.",
  controls: { wellArchitected: ["REL05"] },
  inStack: {
    "aws:sqs/queue:Queue": (queue: Resource<QueueArgs>, { fail }, stack) => {
      if (!setsAside(stack, queue) && !isDeadLetterQueue(stack, queue))
        fail(queue, "the queue has no redrivePolicy, and no other has it as its dead-letter queue", "it must have one");
    },
  },
});
