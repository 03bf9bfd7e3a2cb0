import { Cron } from "croner";
import { randomUUID } from "node:crypto";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { timeZone } from "../backup/schedule.ts";
import { all, between, given, type Limit, matching, ofLength, shown } from "../limits.ts";
import { requireOwnName, SCHEDULE, toGroup, validationError } from "./names.ts";
import { beginSchedule, forgetSchedule, nextRun } from "./schedules.ts";

const size = between(-1, Number.MAX_SAFE_INTEGER);

const recurrence: Limit = (value) => {
  try {
    new Cron(typeof value === "string" ? value : "", { mode: "5-part" });
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${shown(value)} is no cron expression of five fields, minute hour day month weekday: ${why}`;
  }
};

const time = matching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, "a time is written as YYYY-MM-DDThh:mm:ssZ");

const whole: Limit = (_value, inputs) => {
  const faults = [
    ...(given(inputs, ["recurrence", "startTime"]).length === 0 ? ["recurrence or startTime must be given"] : []),
    ...(["minSize", "maxSize", "desiredCapacity"].every((name) => inputs[name] === -1)
      ? ["at least one of minSize, maxSize and desiredCapacity must be another number than -1, which leaves them as they are"]
      : []),
  ];
  return faults.length === 0 ? undefined : faults.join("; ");
};

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const [name, group] = [text(inputs, "scheduledActionName"), text(inputs, "autoscalingGroupName")];
  requireOwnName(operation, SCHEDULE, name);
  requireFuture(operation);
  beginSchedule(cloud, { id: name, region });
  const resource = `scheduledUpdateGroupAction:${randomUUID()}:autoScalingGroupName/${group}:scheduledActionName/${name}`;
  return { id: name, outputs: { ...outputsOf(operation), arn: arn("autoscaling", region, cloud.account, resource) } };
}

/** The words of PutScheduledUpdateGroupAction. */
function requireFuture({ cloud, inputs }: Operation): void {
  if (
    text(inputs, "startTime") !== "" &&
    text(inputs, "recurrence") === "" &&
    Date.parse(text(inputs, "startTime")) <= cloud.now()
  )
    throw validationError("Given start time is in the past");
  if (nextRun(inputs, cloud.now()) === undefined)
    throw validationError("End time must be after the time at which the action happens next");
}

function outputsOf({ cloud, inputs }: Operation): Props {
  const next = nextRun(inputs, cloud.now());
  return {
    desiredCapacity: inputs["desiredCapacity"] ?? 0,
    maxSize: inputs["maxSize"] ?? 0,
    minSize: inputs["minSize"] ?? 0,
    // AWS says when it happens next.
    startTime: next === undefined ? "" : new Date(next).toISOString().replace(".000Z", "Z"),
    endTime: text(inputs, "endTime"),
    timeZone: text(inputs, "timeZone") || (text(inputs, "recurrence") === "" ? "" : "Etc/UTC"),
  };
}

/** Sizes that a group takes at a known time. */
export const schedule: ResourceDefinition = {
  type: SCHEDULE,
  replaceOn: ["autoscalingGroupName", "scheduledActionName"],
  limits: {
    scheduledActionName: all(ofLength(1, 255), whole),
    desiredCapacity: size,
    maxSize: size,
    minSize: size,
    recurrence,
    startTime: time,
    endTime: time,
    timeZone,
  },
  references: [toGroup("autoscalingGroupName")],
  create,
  update: (operation, before) => {
    requireFuture(operation);
    beginSchedule(operation.cloud, before);
    return outputsOf(operation);
  },
  remove: forgetSchedule,
};
