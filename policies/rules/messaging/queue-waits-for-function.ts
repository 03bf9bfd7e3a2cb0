import type { EventSourceMappingArgs } from "@pulumi/aws/lambda/eventSourceMapping.js";
import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** Lambda polls again after throttling, so the queue must wait for several attempts (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
const ATTEMPTS = 6;

export default rule({
  id: "queue-waits-for-function",
  title: "A queue hides a message for as long as its function may need",
  severity: "medium",
  description:
    "A message that comes back while the function still works on it is worked off twice, and may be set aside as failed.",
  remediation: "Set visibilityTimeoutSeconds to six times the timeout of the function, plus the batching window.",
  controls: { wellArchitected: ["REL05"] },
  inStack: {
    "aws:sqs/queue:Queue": (queue: Resource<QueueArgs>, { apart, must }, stack) => {
      const mappings = stack.linked<EventSourceMappingArgs>(
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "eventSourceArn",
        queue,
      );
      for (const mapping of mappings)
        for (const worker of stack.namedBy<FunctionArgs>(mapping, "functionName", "aws:lambda/function:Function"))
          apart(() => {
            const timeout = worker.named.at("timeout").value ?? 3;
            const window = mapping.named.at("maximumBatchingWindowInSeconds").value ?? 0;
            must(queue.at("visibilityTimeoutSeconds").or(30), beAtLeast(ATTEMPTS * timeout + window, "seconds"));
          });
    },
  },
});
