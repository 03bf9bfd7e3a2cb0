import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import type { RedrivePolicyArgs } from "@pulumi/aws/sqs/redrivePolicy.js";
import type { Resource } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

const QUEUE = "aws:sqs/queue:Queue";
const REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy";

/** Where a resource names the queue that keeps what it could not deliver or work off: its type, and the input. */
const KEEPERS: readonly (readonly [type: string, input: string])[] = [
  [QUEUE, "redrivePolicy"],
  [REDRIVE, "redrivePolicy"],
  ["aws:sns/topicSubscription:TopicSubscription", "redrivePolicy"],
  ["aws:cloudwatch/eventTarget:EventTarget", "deadLetterConfig"],
  ["aws:cloudwatch/eventBus:EventBus", "deadLetterConfig"],
  ["aws:lambda/function:Function", "deadLetterConfig"],
  ["aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "destinationConfig"],
  ["aws:lambda/eventSourceMapping:EventSourceMapping", "destinationConfig"],
  ["aws:scheduler/schedule:Schedule", "target"],
];

/** Whether a queue is one that keeps what others could not deliver or work off. @throws UnknownInput as `Stack.linked` does */
export function isDeadLetterQueue(stack: Stack, queue: Resource<QueueArgs>): boolean {
  return (
    KEEPERS.some(([type, input]) => stack.linked<Record<string, unknown>>(type, input, queue).length > 0) ||
    queue.at("redriveAllowPolicy").isSet
  );
}

/** Whether it is said what becomes of messages that a queue could not get worked off, by itself or by a RedrivePolicy of it. */
export function setsAside(stack: Stack, queue: Resource<QueueArgs>): boolean {
  // What is made of another resource's outputs is there, whatever these will be.
  const { redrivePolicy: sources = [] } = queue.propertyDependencies;
  return (
    sources.length > 0 ||
    queue.at("redrivePolicy").isSet ||
    stack.linked<RedrivePolicyArgs>(REDRIVE, "queueUrl", queue).length > 0
  );
}

/** The queues of the stack whose failed messages come into this one. */
export function sourcesOf(stack: Stack, queue: Resource<QueueArgs>): readonly Resource<QueueArgs>[] {
  const apart = stack.linked<RedrivePolicyArgs>(REDRIVE, "redrivePolicy", queue);
  return [
    ...stack.linked<QueueArgs>(QUEUE, "redrivePolicy", queue),
    ...apart.flatMap(({ propertyDependencies: { queueUrl = [] } }) =>
      queueUrl.flatMap((urn) => (stack.get(urn) as Resource<QueueArgs> | undefined) ?? []),
    ),
  ];
}
