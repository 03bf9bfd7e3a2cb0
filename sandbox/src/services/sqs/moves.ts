import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { messagingOf } from "./messaging.ts";
import { INVALID_VALUE, type Queue, queueOfArn, sourcesOf } from "./queues.ts";

/** A redrive: messages of a dead-letter queue on their way back. */
export type MoveTask = {
  handle: string;
  source: string;
  /** ARN; empty for the queues from which the messages came. */
  destination: string;
  /** Messages a second; 0 for as fast as it goes. */
  perSecond: number;
  status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  moved: number;
  toMove: number;
  /** Milliseconds since the epoch. */
  started: number;
  failure: string;
};

/** Messages in one change where no rate was asked for. */
const CHUNK = 100;
const SECOND_MS = 1000;
/** What ListMessageMoveTasks shows at most; older ones are forgotten. Source: SQS API Reference, ListMessageMoveTasks, `MaxResults`. */
const KEPT = 10;

/** Begins a redrive. Throws in SQS's words. */
export function startMove(cloud: Cloud, source: Queue, destination: string, perSecond: number): MoveTask {
  const fail = (message: string): never => {
    throw new CloudError(INVALID_VALUE, message);
  };
  if (sourcesOf(cloud, source).length === 0) fail("Source queue must be configured as a Dead Letter Queue.");
  if (!Number.isInteger(perSecond) || perSecond < 0 || perSecond > 500)
    fail(
      `Value ${String(perSecond)} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided.`,
    );
  if (destination === source.arn) fail("Source queue and destination queue must be different.");
  const target = destination === "" ? undefined : queueOfArn(cloud, destination);
  if (destination !== "" && target === undefined)
    throw new CloudError(
      "ResourceNotFoundException",
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
      404,
    );
  if (target !== undefined && target.isFifo !== source.isFifo)
    fail("The destination queue must be of the same type as the source queue.");
  if (tasksOf(cloud, source.arn).some(isRunning))
    fail("There is already a task running. Only one active task is allowed for a source queue arn at a given time.");
  const handle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString("base64");
  const { visible } = messagingOf(cloud).store.counts(source.arn, cloud.now());
  const task: MoveTask = {
    handle,
    source: source.arn,
    destination,
    perSecond,
    status: "RUNNING",
    moved: 0,
    toMove: visible,
    started: cloud.now(),
    failure: "",
  };
  cloud.world.change(() => {
    keep(cloud, task);
    for (const old of tasksOf(cloud, source.arn).slice(KEPT)) tasks(cloud).delete(keyOf(old));
  });
  goOn(cloud, task.handle);
  return task;
}

/** The redrives of a dead-letter queue, the newest first. */
export function tasksOf(cloud: Cloud, source: string): MoveTask[] {
  return tasks(cloud)
    .entries(`${source} `)
    .map(([, task]) => task)
    .reverse();
}

/** Stops a redrive, and says how many messages it had moved. Throws in SQS's words. */
export function cancelMove(cloud: Cloud, handle: string): number {
  const task = taskOf(cloud, handle);
  if (task === undefined)
    throw new CloudError(
      "ResourceNotFoundException",
      "The resource that you specified for the TaskHandle parameter doesn't exist.",
      404,
    );
  if (!isRunning(task)) throw new CloudError(INVALID_VALUE, "Only active tasks can be cancelled.");
  keep(cloud, { ...task, status: "CANCELLED" });
  return task.moved;
}

/** Goes on with the redrives that a daemon that is gone had begun. */
export function resumeMoves(cloud: Cloud): void {
  for (const [, task] of tasks(cloud).entries()) if (isRunning(task)) goOn(cloud, task.handle);
}

/** What ListMessageMoveTasks shows of one. */
export function shownTask(task: MoveTask): Props {
  return {
    Status: task.status,
    SourceArn: task.source,
    ...(isRunning(task) && { TaskHandle: task.handle }),
    ...(task.destination !== "" && { DestinationArn: task.destination }),
    ...(task.perSecond > 0 && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== "" && { FailureReason: task.failure }),
    StartedTimestamp: task.started,
  };
}

/** One step, and the next one after it: with a rate, a second later. */
function goOn(cloud: Cloud, handle: string, wait = 0): void {
  messagingOf(cloud).later(wait, () => {
    const task = taskOf(cloud, handle);
    if (task === undefined || !isRunning(task)) return;
    if (isRunning(step(cloud, task))) goOn(cloud, handle, task.perSecond > 0 ? SECOND_MS : 0);
  });
}

function step(cloud: Cloud, task: MoveTask): MoveTask {
  const { store } = messagingOf(cloud);
  const now = cloud.now();
  const most = task.perSecond > 0 ? task.perSecond : CHUNK;
  const arrivals = new Set<string>();
  let failure = "";
  const moved = store.change(() => {
    let count = 0;
    for (const message of store.receivable(task.source, now, most, false)) {
      const target = queueOfArn(cloud, task.destination || message.origin);
      if (target === undefined) {
        failure =
          message.origin === "" && task.destination === ""
            ? "CouldNotDetermineMessageSource"
            : "AWS.SimpleQueueService.NonExistentQueue";
        break;
      }
      store.delete(message.seq);
      const { queue: _queue, receipt: _receipt, seq: _seq, ...content } = message;
      // Source: SQS developer guide, "Configuring a dead-letter queue redrive": redriven messages are new ones, with a new id and a new time.
      store.add(target.arn, {
        ...content,
        id: randomUUID(),
        sent: now,
        entered: now,
        visible: now,
        receives: 0,
        firstReceived: 0,
        origin: "",
      });
      arrivals.add(target.arn);
      count++;
    }
    return count;
  });
  for (const arn of arrivals) messagingOf(cloud).arrived(arn);
  const status = failure !== "" ? "FAILED" : moved < most ? "COMPLETED" : "RUNNING";
  const after: MoveTask = { ...task, moved: task.moved + moved, status, failure };
  keep(cloud, after);
  return after;
}

function isRunning({ status }: MoveTask): boolean {
  return status === "RUNNING";
}

function taskOf(cloud: Cloud, handle: string): MoveTask | undefined {
  return tasks(cloud)
    .entries()
    .map(([, task]) => task)
    .find((task) => task.handle === handle);
}

function keep(cloud: Cloud, task: MoveTask): void {
  tasks(cloud).set(keyOf(task), task);
}

function keyOf({ source, started, handle }: MoveTask): string {
  return `${source} ${String(started).padStart(15, "0")} ${handle}`;
}

function tasks(cloud: Cloud): Space<MoveTask> {
  return cloud.world.space<MoveTask>("sqs-moves");
}
