import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import { fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { sourcesOf } from "../../shared/queues.ts";

/** What SQS takes when nothing is said, and the most that it allows, in seconds (SQS API Reference, CreateQueue). */
const FOUR_DAYS = 345_600;
const FOURTEEN_DAYS = 1_209_600;

export default rule({
  id: "dead-letters-kept-longer",
  title: "A dead-letter queue keeps messages longer than the queue that they come from",
  severity: "medium",
  description:
    "In a standard queue the age of a message counts from when it was first sent. Kept no longer than in its first queue, it may be gone before anyone has looked at it.",
  remediation: "Set messageRetentionSeconds of the dead-letter queue to 1209600, which is fourteen days.",
  controls: { wellArchitected: ["REL05"] },
  inStack: {
    "aws:sqs/queue:Queue": (queue: Resource<QueueArgs>, { apart, must }, stack) => {
      // In a FIFO queue the age begins anew (SQS Developer Guide, "Setting-up dead-letter queue retention").
      if (queue.at("fifoQueue").value === true) return;
      const kept = queue.at("messageRetentionSeconds").or(FOUR_DAYS);
      for (const source of sourcesOf(stack, queue))
        apart(() => {
          const least = source.named.at("messageRetentionSeconds").or(FOUR_DAYS).value ?? FOUR_DAYS;
          const longer = (seconds = 0): boolean => seconds > least || seconds >= FOURTEEN_DAYS;
          must(kept, fit(`be more than the ${String(least)} seconds of ${source.name}`, longer));
        });
    },
  },
});
