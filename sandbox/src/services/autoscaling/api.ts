import type { ApiCall, Demand } from "../../api/operation.ts";
import type { QueryService } from "../../api/query-protocol.ts";
import type { XmlValue } from "../../api/xml.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { groupRecord, putGroupRecord } from "./group-record.ts";
import { groupSettings } from "./group-settings.ts";
import { type Member, membersOf, putMember, type Waiting } from "./members.ts";
import { GROUP, validationError } from "./names.ts";
import { resize } from "./policies.ts";
import { attachedGroups } from "./targets.ts";

/** Amazon EC2 Auto Scaling, as far as an operator and a server of a group use it. */
export const autoscalingApi: QueryService = {
  namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
  operations: {
    DescribeAutoScalingGroups: {
      demands: () => ({ action: "autoscaling:DescribeAutoScalingGroups", resource: "*" }),
      run: (call) =>
        ({ AutoScalingGroups: { member: groupsNamed(call).map((group) => described(call, group)) } }) as unknown as Props,
    },
    SetDesiredCapacity: { demands: (call) => onGroup(call, "SetDesiredCapacity"), run: setDesiredCapacity },
    CompleteLifecycleAction: { demands: (call) => onGroup(call, "CompleteLifecycleAction"), run: completeLifecycleAction },
  },
};

function onGroup(call: ApiCall, operation: string): Demand {
  const { cloud, input, region } = call;
  const group = cloud.world.get(GROUP, text(input, "AutoScalingGroupName"), region);
  return { action: `autoscaling:${operation}`, resource: text(group?.outputs ?? {}, "arn") || "*" };
}

function groupsNamed({ cloud, input, region }: ApiCall): Resource[] {
  const names = Object.entries(input).flatMap(([key, value]) => (key.startsWith("AutoScalingGroupNames.member.") ? [value] : []));
  return cloud.world.all(GROUP).filter((row) => row.region === region && (names.length === 0 || names.includes(row.id)));
}

function described({ cloud }: ApiCall, group: Resource): XmlValue {
  const settings = groupSettings(cloud, group);
  return {
    AutoScalingGroupName: group.id,
    AutoScalingGroupARN: text(group.outputs, "arn"),
    MinSize: settings.min,
    MaxSize: settings.max,
    DesiredCapacity: settings.desired,
    DefaultCooldown: settings.cooldownMs / 1000,
    AvailabilityZones: { member: [...new Set(settings.places.map(({ zone }) => zone))].sort() },
    TargetGroupARNs: { member: attachedGroups(cloud, group) },
    HealthCheckType: settings.asksBalancers ? "ELB" : "EC2",
    HealthCheckGracePeriod: settings.graceMs / 1000,
    VPCZoneIdentifier: settings.places.map(({ subnet }) => subnet).join(","),
    NewInstancesProtectedFromScaleIn: settings.protects,
    Instances: { member: membersOf(cloud, group).map(instanceOf) },
    ...(group.phase === "deleting" && { Status: "Delete in progress" }),
  };
}

function instanceOf({ id, isHealthy, isProtected, state, template, type, version, weight, zone }: Member): XmlValue {
  return {
    InstanceId: id,
    InstanceType: type,
    AvailabilityZone: zone,
    LifecycleState: state,
    HealthStatus: isHealthy ? "Healthy" : "Unhealthy",
    LaunchTemplate: { LaunchTemplateId: template, Version: version },
    ProtectedFromScaleIn: isProtected,
    WeightedCapacity: weight === 1 ? undefined : String(weight),
  };
}

function groupOf({ cloud, input, region }: ApiCall): Resource {
  const name = text(input, "AutoScalingGroupName");
  const group = cloud.world.get(GROUP, name, region);
  if (group === undefined || group.phase === "deleting")
    throw validationError(`AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
  return group;
}

function setDesiredCapacity(call: ApiCall): Props {
  const { cloud, input } = call;
  const group = groupOf(call);
  const [wanted, record] = [Number(text(input, "DesiredCapacity")), groupRecord(cloud, group)];
  if (text(input, "DesiredCapacity") === "" || !Number.isInteger(wanted) || wanted < 0)
    throw validationError(`DesiredCapacity must be a whole number from 0 upwards, not "${text(input, "DesiredCapacity")}"`);
  if (wanted > record.max)
    throw validationError(`New SetDesiredCapacity value ${wanted} is above max value ${record.max} for the AutoScalingGroup.`);
  if (wanted < record.min)
    throw validationError(`New SetDesiredCapacity value ${wanted} is below min value ${record.min} for the AutoScalingGroup.`);
  if (resize({ cloud, group }, wanted, "SetDesiredCapacity")) {
    const coolsUntil = cloud.now() + groupSettings(cloud, group).cooldownMs;
    putGroupRecord(cloud, group, { ...groupRecord(cloud, group), coolsUntil });
  }
  return {};
}

/** A hook is answered for by its instance, or by the token of the wait. */
function completeLifecycleAction(call: ApiCall): Props {
  const { cloud, input } = call;
  const group = groupOf(call);
  const [hook, id, token] = ["LifecycleHookName", "InstanceId", "LifecycleActionToken"].map((name) => text(input, name));
  const result = text(input, "LifecycleActionResult");
  if (result !== "CONTINUE" && result !== "ABANDON")
    throw validationError(`LifecycleActionResult must be CONTINUE or ABANDON, not "${result}"`);
  for (const member of membersOf(cloud, group)) {
    const wait = member.waits.find(
      (each) => each.hook === hook && each.result === null && (member.id === id || each.token === token),
    );
    if (wait === undefined) continue;
    const waits = member.waits.map((each): Waiting => (each === wait ? { ...each, result } : each));
    putMember(cloud, group, { ...member, waits });
    return {};
  }
  throw validationError(
    `No active Lifecycle Action found with ${id === "" ? `token ${token ?? ""}` : `instance ID ${id ?? ""}`}`,
  );
}
