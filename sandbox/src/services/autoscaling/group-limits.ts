import type { ResourceDefinition } from "../../core/definition.ts";
import { isProps, text, type Value } from "../../core/values.ts";
import { instanceType, userDataLimits } from "../ec2/instance-limits.ts";
import { all, between, type Limit, matching, ofLength, oneOf, shown } from "../limits.ts";
import { PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { duration } from "./duration.ts";
import { faultOfHook } from "./hook-limits.ts";
import { PROCESSES } from "./group-settings.ts";
import { GROUP_METRICS } from "./metrics.ts";
import { refreshLimits } from "./refresh-limits.ts";

const LONGEST_NAME = 255;
/** Between a day and a year (CreateAutoScalingGroup, MaxInstanceLifetime). */
const [SHORTEST_LIFE, LONGEST_LIFE] = [86_400, 31_536_000];

/** Limits of a definition: some of them ask the cloud. */
type Limits = NonNullable<ResourceDefinition["limits"]>;

const refused =
  (why: string): Limit =>
  (value) =>
    value === null || value === "" || (Array.isArray(value) && value.length === 0) ? undefined : why;

const notBoth =
  (other: string, own: string): Limit =>
  (_value, inputs) =>
    text(inputs, other) === "" ? undefined : `"${own}" conflicts with "${other}": give one of them`;

/** What a group launches is said once. */
const launches: Limit = (_value, inputs) => {
  const given = ["launchConfiguration", "launchTemplate", "mixedInstancesPolicy"].filter((name) => isGiven(inputs[name]));
  return given.length === 1
    ? undefined
    : `one of launchTemplate and mixedInstancesPolicy must be given, and not both (given: ${given.length === 0 ? "none" : given.join(", ")})`;
};

/** The words of CreateAutoScalingGroup. */
const sizes: Limit = (value, inputs) => {
  const [min, desired] = [inputs["minSize"], inputs["desiredCapacity"]];
  if (typeof value !== "number" || typeof min !== "number") return undefined;
  if (min > value) return `Max bound, ${value}, must be greater than or equal to min bound, ${min}`;
  if (typeof desired !== "number" || (desired >= min && desired <= value)) return undefined;
  return `Desired capacity:${desired} must be between the specified min size:${min} and max size:${value}`;
};

const lifetime: Limit = (value) =>
  value === 0 ? undefined : between(SHORTEST_LIFE, LONGEST_LIFE)(value, {})?.replace("allowed: ", "allowed: 0, or ");

const namedTemplate: Limit = (value) => {
  if (!isProps(value)) return undefined;
  const names = ["id", "name", "launchTemplateId", "launchTemplateName"].filter((name) => isGiven(value[name]));
  return names.length === 1 ? undefined : "exactly one of the launch template's id and name must be given";
};

/** The user data of a template must be what the sandbox can play, before anything is made. */
const playable: Limits[string] = (value, inputs, cloud) =>
  namedTemplate(value, inputs) ?? userDataLimits["launchTemplate"]?.(instanceNames(value), {}, cloud);

/** The template of a policy as an instance would name it. */
function instanceNames(value: Value): Value {
  if (!isProps(value) || (value["launchTemplateId"] ?? value["launchTemplateName"]) === undefined) return value;
  return { id: value["launchTemplateId"], name: value["launchTemplateName"], version: value["version"] };
}

const weight: Limit = (value) =>
  typeof value === "string" && /^[1-9]\d{0,2}$/.test(value) ? undefined : `${shown(value)} is no weight; allowed: "1" to "999"`;

const spotPools: Limit = (value, inputs) => {
  const policy = inputs["mixedInstancesPolicy"];
  const distribution = isProps(policy) ? policy["instancesDistribution"] : undefined;
  const strategy = isProps(distribution) ? text(distribution, "spotAllocationStrategy") : "";
  if (strategy === "" || strategy === "lowest-price") return between(0, 20)(value, inputs);
  return value === 0 ? undefined : `spotInstancePools goes with the strategy lowest-price only, not with ${strategy}`;
};

const DISTRIBUTION = "mixedInstancesPolicy.instancesDistribution";
const OVERRIDES = "mixedInstancesPolicy.launchTemplate.overrides[]";

/** What a group may be. Sources: Amazon EC2 Auto Scaling API Reference, CreateAutoScalingGroup, and the provider's documentation of its inputs. */
export const groupLimits: Limits = {
  name: all(ofLength(1, LONGEST_NAME), matching(/^[^\p{Cc}:]*$/u, "neither control characters nor colons are")),
  namePrefix: all(ofLength(1, LONGEST_NAME - PREFIX_SUFFIX_LENGTH), notBoth("name", "namePrefix")),
  minSize: between(0, Number.MAX_SAFE_INTEGER),
  maxSize: all(between(0, Number.MAX_SAFE_INTEGER), sizes, launches),
  desiredCapacity: between(0, Number.MAX_SAFE_INTEGER),
  desiredCapacityType: (value) =>
    value === "" || value === "units" ? undefined : "the sandbox counts capacity in units; leave desiredCapacityType out",
  defaultCooldown: between(0, Number.MAX_SAFE_INTEGER),
  defaultInstanceWarmup: between(0, Number.MAX_SAFE_INTEGER),
  healthCheckGracePeriod: between(0, Number.MAX_SAFE_INTEGER),
  healthCheckType: (value) =>
    value === "EC2" || value === "ELB"
      ? undefined
      : `${shown(value)}: the sandbox checks health by EC2 and by its load balancers; allowed: EC2, ELB`,
  maxInstanceLifetime: lifetime,
  waitForCapacityTimeout: duration,
  metricsGranularity: oneOf("1Minute"),
  "suspendedProcesses[]": oneOf(...PROCESSES),
  "terminationPolicies[]": oneOf(
    "OldestInstance",
    "NewestInstance",
    "OldestLaunchConfiguration",
    "ClosestToNextInstanceHour",
    "OldestLaunchTemplate",
    "AllocationStrategy",
    "Default",
  ),
  launchConfiguration: refused("AWS creates no more launch configurations for new accounts; give a launchTemplate"),
  launchTemplate: playable,
  "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification": playable,
  [`${OVERRIDES}.launchTemplateSpecification`]: playable,
  [`${OVERRIDES}.instanceType`]: instanceType,
  [`${OVERRIDES}.weightedCapacity`]: weight,
  [`${OVERRIDES}.instanceRequirements`]: () => "the sandbox does not choose types by what they have; give instanceType",
  [`${DISTRIBUTION}.onDemandAllocationStrategy`]: oneOf("prioritized", "lowest-price"),
  [`${DISTRIBUTION}.onDemandBaseCapacity`]: between(0, Number.MAX_SAFE_INTEGER),
  [`${DISTRIBUTION}.onDemandPercentageAboveBaseCapacity`]: between(0, 100),
  [`${DISTRIBUTION}.spotAllocationStrategy`]: oneOf(
    "lowest-price",
    "capacity-optimized",
    "capacity-optimized-prioritized",
    "price-capacity-optimized",
  ),
  [`${DISTRIBUTION}.spotInstancePools`]: spotPools,
  availabilityZones: refused("the sandbox's account has no default VPC; give vpcZoneIdentifiers"),
  "availabilityZoneDistribution.capacityDistributionStrategy": (value) =>
    value === "balanced-best-effort" ? undefined : `${shown(value)}: the sandbox plays balanced-best-effort`,
  "capacityReservationSpecification.capacityReservationPreference": (value) =>
    value === "default" || value === "none" ? undefined : "the sandbox has no Capacity Reservations",
  loadBalancers: refused("the sandbox plays no Classic Load Balancers; give targetGroupArns"),
  "trafficSources[].type": (value) =>
    value === "elbv2" ? undefined : `${shown(value)}: the traffic sources of the sandbox are target groups; give "elbv2"`,
  placementGroup: refused("the sandbox has no placement groups"),
  "instanceLifecyclePolicy.retentionTriggers.terminateHookAbandon": (value) =>
    value === "terminate" ? undefined : "the sandbox retains no instances of which a hook was abandoned",
  "instanceMaintenancePolicy.minHealthyPercentage": between(0, 100),
  "instanceMaintenancePolicy.maxHealthyPercentage": between(100, 200),
  "enabledMetrics[]": oneOf(...Object.keys(GROUP_METRICS)),
  ...refreshLimits,
  warmPool: refused("the sandbox does not play warm pools yet"),
  "initialLifecycleHooks[]": faultOfHook,
};

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== "";
}
