import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { mustBeAlarmed } from "../../shared/alarms.ts";
import { isDeadLetterQueue } from "../../shared/queues.ts";

export default rule({
  id: "queue-has-alarms",
  title: "Somebody is told when a queue is not worked off",
  severity: "high",
  description: "Work that waits, or that was set aside as failed, makes no noise of its own; the customers notice first.",
  remediation:
    "Set an alarm on ApproximateAgeOfOldestMessage of a queue, and on ApproximateNumberOfMessagesVisible of a dead-letter queue, with its name as the dimension QueueName.",
  controls: { wellArchitected: ["REL06", "OPS08"] },
  inStack: {
    "aws:sqs/queue:Queue": (queue: Resource<QueueArgs>, check, stack) => {
      const failed = isDeadLetterQueue(stack, queue);
      mustBeAlarmed(queue, stack, check, {
        metrics: [failed ? "ApproximateNumberOfMessagesVisible" : "ApproximateAgeOfOldestMessage"],
        names: ["name"],
        what: failed ? "the dead-letter queue" : "the queue",
      });
    },
  },
});
