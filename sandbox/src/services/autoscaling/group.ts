import { isDeepStrictEqual } from "node:util";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import { resolveLaunch } from "../ec2/instance-launch.ts";
import { names, quota } from "../ec2/network-errors.ts";
import { SUBNET } from "../ec2/subnet.ts";
import { TARGET_GROUP } from "../elbv2/names.ts";
import { chosenName } from "../names.ts";
import { dropActivities } from "./activities.ts";
import { waitForCapacity } from "./capacity-wait.ts";
import { fleetOf } from "./fleet.ts";
import { groupLimits } from "./group-limits.ts";
import { dropGroupRecord, type GroupRecord, groupRecord, putGroupRecord } from "./group-record.ts";
import { DEFAULT_COOLDOWN, numberOr, placesOf, targetGroupsOf } from "./group-settings.ts";
import { launchPlan, templateVersion } from "./launch-plan.ts";
import { membersOf, putMember } from "./members.ts";
import { GROUP, newGroupArn, validationError } from "./names.ts";
import { beginRefresh, dropRefresh, triggersOf, wantedRefresh } from "./refresh-record.ts";
import { deregister, register } from "./targets.ts";

/** Amazon EC2 Auto Scaling User Guide, "Quotas for Auto Scaling resources and groups". */
const MOST_GROUPS = 500;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const name = chosenName(inputs);
  const present = cloud.world.all(GROUP).filter((row) => row.region === region);
  if (present.some(({ id }) => id === name))
    throw new CloudError(
      "AlreadyExists",
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  quota(present.length, MOST_GROUPS, "LimitExceeded", "You've reached the limit on Auto Scaling groups.");
  const launch = launchOf(inputs);
  requireLaunchable(operation, launch);
  const [min, max] = [numberOr(inputs["minSize"], 0), numberOr(inputs["maxSize"], 0)];
  const record = { min, max, desired: numberOr(inputs["desiredCapacity"], min), launch };
  putGroupRecord(cloud, { id: name, region }, record);
  const outputs = {
    ...outputsOf(operation, record),
    ...namedTemplate(operation, launch),
    arn: newGroupArn(operation, name),
    name,
    namePrefix: text(inputs, "namePrefix"),
  };
  return { id: name, outputs };
}

/** What the provider changes is what the program has changed; the rest of the group stays as policies and schedules have made it. */
function update(operation: Operation, before: Resource): Props {
  const { cloud, inputs } = operation;
  const changes = (name: string): boolean => !isDeepStrictEqual(before.inputs[name] ?? null, inputs[name] ?? null);
  const known = groupRecord(cloud, before);
  const newLaunch = changes("launchTemplate") || changes("mixedInstancesPolicy");
  const launch = newLaunch ? launchOf(inputs) : known.launch;
  if (newLaunch) requireLaunchable(operation, launch);
  const min = changes("minSize") ? numberOr(inputs["minSize"], 0) : known.min;
  const max = changes("maxSize") ? numberOr(inputs["maxSize"], 0) : known.max;
  const asked = changes("desiredCapacity") ? numberOr(inputs["desiredCapacity"], known.desired) : known.desired;
  const record = { ...known, min, max, desired: Math.min(max, Math.max(min, asked)), launch };
  putGroupRecord(cloud, before, record);
  moveTargets(cloud, before, inputs);
  const preferences = wantedRefresh(inputs);
  if (preferences !== undefined && (newLaunch || triggersOf(inputs).some(changes)))
    beginRefresh(cloud, before, known.launch, preferences);
  if (changes("minSize") || changes("desiredCapacity")) fleetOf(cloud).awaited.add(before.id);
  return {
    ...outputsOf(operation, record),
    // What it was made of may be gone by now.
    ...(newLaunch ? namedTemplate(operation, launch) : { launchTemplate: before.outputs["launchTemplate"] }),
    arn: before.outputs["arn"],
    name: before.id,
    namePrefix: before.outputs["namePrefix"],
  };
}

function launchOf(inputs: Props): Props {
  return isProps(inputs["launchTemplate"])
    ? { launchTemplate: inputs["launchTemplate"] }
    : { mixedInstancesPolicy: inputs["mixedInstancesPolicy"] };
}

/** Refuses a group none of whose launches could succeed, in the words of CreateAutoScalingGroup. */
function requireLaunchable(operation: Operation, launch: Props): void {
  const { cloud, inputs, region } = operation;
  const [place] = placesOf(cloud, operation);
  if (place === undefined) throw validationError("At least one Availability Zone or VPC Subnet is required.");
  for (const { template, type } of launchPlan(launch).options) {
    try {
      const version = templateVersion(cloud, region, template);
      const own = { subnetId: place.subnet, ...(type !== undefined && { instanceType: type }) };
      const { networkInterfaces: _described, ...content } = version.content;
      resolveLaunch({ cloud, inputs: own }, { ...version, content });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      throw validationError(`You must use a valid fully-formed launch template. ${error.message}`);
    }
  }
  const foreign = targetGroupsOf(inputs).find((arn) => vpcOf(cloud, SUBNET, place.subnet) !== vpcOf(cloud, TARGET_GROUP, arn));
  if (foreign !== undefined) throw validationError(`The target group ${foreign} is not in the VPC of the group's subnets.`);
}

function vpcOf(cloud: Cloud, type: string, id: string): string {
  return text(cloud.world.get(type, id)?.outputs ?? {}, "vpcId");
}

/** Instances in service move along when target groups are attached and detached. */
function moveTargets(cloud: Cloud, before: Resource, inputs: Props): void {
  const [were, are] = [targetGroupsOf(before.inputs), targetGroupsOf(inputs)];
  for (const { id, state } of membersOf(cloud, before)) {
    if (state !== "InService") continue;
    deregister(
      cloud,
      before,
      id,
      were.filter((arn) => !are.includes(arn)),
    );
    register(
      cloud,
      before,
      id,
      are.filter((arn) => !were.includes(arn)),
    );
  }
}

/** What the provider reads back, with the service's own defaults. */
function outputsOf(operation: Operation, record: GroupRecord): Props {
  const { cloud, inputs } = operation;
  const zones = [...new Set(placesOf(cloud, operation).map(({ zone }) => zone))].sort();
  return {
    ...fixed,
    ...Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null)),
    availabilityZones: zones,
    desiredCapacity: record.desired,
    minSize: record.min,
    maxSize: record.max,
    serviceLinkedRoleArn:
      text(inputs, "serviceLinkedRoleArn") ||
      `arn:aws:iam::${cloud.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    targetGroupArns: texts(inputs, "targetGroupArns"),
    trafficSources: targetGroupsOf(inputs).map((identifier) => ({ identifier, type: "elbv2" })),
  };
}

const fixed: Props = {
  availabilityZoneDistribution: { capacityDistributionStrategy: "balanced-best-effort" },
  capacityReservationSpecification: { capacityReservationPreference: "default" },
  context: "",
  defaultCooldown: DEFAULT_COOLDOWN,
  defaultInstanceWarmup: 0,
  desiredCapacityType: "",
  healthCheckType: "EC2",
  launchConfiguration: "",
  loadBalancers: [],
  maxInstanceLifetime: 0,
  placementGroup: "",
  predictedCapacity: 0,
  warmPoolSize: 0,
};

/** The launch template as the provider reads it back: with its name and its id. */
function namedTemplate({ cloud, region }: Operation, launch: Props): Props {
  const given = launch["launchTemplate"];
  if (!isProps(given)) return {};
  const { id, name } = templateVersion(cloud, region, given);
  return { launchTemplate: { id, name, version: text(given, "version") || "$Default" } };
}

async function run(cloud: Cloud, group: Resource): Promise<undefined> {
  if (group.phase === "creating") await waitForCapacity(cloud, group, "create");
  else if (fleetOf(cloud).awaited.delete(group.id)) await waitForCapacity(cloud, group, "update");
  return undefined;
}

/** The provider first makes the group smaller until nothing is left; with `forceDelete` its instances are ended at once. */
function remove(cloud: Cloud, group: Resource): void {
  putGroupRecord(cloud, group, {
    ...groupRecord(cloud, group),
    min: 0,
    max: 0,
    desired: 0,
    force: group.inputs["forceDelete"] === true,
  });
  for (const member of membersOf(cloud, group)) putMember(cloud, group, { ...member, isProtected: false });
}

async function halt(cloud: Cloud, group: Resource): Promise<void> {
  await fleetOf(cloud).until(() => (membersOf(cloud, group).length === 0 ? true : undefined));
  dropActivities(cloud, group);
  dropRefresh(cloud, group);
  dropGroupRecord(cloud, group);
}

/** Servers that are all alike: as many as are asked for, spread over zones, and replaced when they are not well. */
export const group: ResourceDefinition = {
  type: GROUP,
  replaceOn: ["initialLifecycleHooks", "name", "namePrefix"],
  autoName: { property: "name", maxLength: 255 },
  defaults: {
    forceDelete: false,
    forceDeleteWarmPool: false,
    healthCheckGracePeriod: 300,
    ignoreFailedScalingActivities: false,
    metricsGranularity: "1Minute",
    protectFromScaleIn: false,
    waitForCapacityTimeout: "10m",
  },
  limits: groupLimits,
  references: [
    names("vpcZoneIdentifiers[]", SUBNET),
    ...["targetGroupArns[]", "trafficSources[].identifier"].map((path) => ({
      path,
      to: TARGET_GROUP,
      missing: (arn: string) => validationError(`One or more target groups not found: ${arn}`),
    })),
  ],
  releasedBy: { forceDelete: true },
  create,
  update,
  remove,
  run,
  halt,
  look: (cloud, row) => {
    const { desired, launch, max, min } = groupRecord(cloud, row);
    // A refresh that was rolled back has gone back to what the group was made of before.
    const isBack = !isDeepStrictEqual(launch, launchOf(row.inputs));
    return { desiredCapacity: desired, maxSize: max, minSize: min, ...(isBack && launch) };
  },
};
