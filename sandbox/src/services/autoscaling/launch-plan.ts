import type { Cloud } from "../../core/cloud.ts";
import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import { memoryGibOf, processorsOf } from "../ec2/instance-types.ts";
import { findTemplate, versionOf } from "../ec2/launch-template-versions.ts";
import { shown } from "../limits.ts";
import { nested } from "../ec2/instance-outputs.ts";
import { numberOr } from "./group-settings.ts";
import { type Market, type Member, unitsOf } from "./members.ts";

/** One thing that a group may launch. */
export interface LaunchOption {
  /** @default - that of the launch template */
  readonly type?: string;
  /** Units of capacity that one instance of it counts for. */
  readonly weight: number;
  /** The launch template: `id` or `name`, and `version`. */
  readonly template: Props;
}

/** What a group launches, and how it is paid for. */
export interface LaunchPlan {
  /** In the order in which the program prefers them. */
  readonly options: readonly LaunchOption[];
  /** Units of capacity that are on demand before any is Spot. */
  readonly onDemandBase: number;
  /** The share of the capacity above the base that is on demand. */
  readonly onDemandPercent: number;
  readonly onDemandStrategy: string;
  readonly spotStrategy: string;
  /** Among how many of the cheapest types Spot instances are spread where the strategy is `lowest-price`. */
  readonly spotPools: number;
}

/** A launch template at one of its versions. */
export interface TemplateVersion {
  readonly id: string;
  readonly name: string;
  /** A number, also where `$Latest` was asked for. */
  readonly version: string;
  readonly content: Props;
}

/** Reads `launchTemplate` or `mixedInstancesPolicy`. Defaults: Amazon EC2 Auto Scaling API Reference, InstancesDistribution. */
export function launchPlan(launch: Props): LaunchPlan {
  const policy = nested(launch, "mixedInstancesPolicy");
  const distribution = nested(policy, "instancesDistribution");
  return {
    options: optionsOf(launch, policy),
    onDemandBase: numberOr(distribution["onDemandBaseCapacity"], 0),
    onDemandPercent: numberOr(distribution["onDemandPercentageAboveBaseCapacity"], 100),
    onDemandStrategy: text(distribution, "onDemandAllocationStrategy") || "prioritized",
    spotStrategy: text(distribution, "spotAllocationStrategy") || "lowest-price",
    spotPools: numberOr(distribution["spotInstancePools"], 2),
  };
}

function optionsOf(launch: Props, policy: Props): LaunchOption[] {
  if (isProps(launch["launchTemplate"])) return [{ weight: 1, template: launch["launchTemplate"] }];
  const own = templateOf(nested(policy, "launchTemplate"));
  const overrides = valuesAt(policy, "launchTemplate.overrides[]").filter(isProps);
  if (overrides.length === 0) return [{ weight: 1, template: own ?? {} }];
  return overrides.map((override) => ({
    ...(text(override, "instanceType") !== "" && { type: text(override, "instanceType") }),
    weight: Number(text(override, "weightedCapacity") || "1"),
    template: templateOf(override) ?? own ?? {},
  }));
}

/** A template by the names that an instance gives it; a policy's own names are longer. */
function templateOf(holder: Props): Props | undefined {
  const given = holder["launchTemplateSpecification"];
  if (!isProps(given)) return undefined;
  const named: Props = { version: given["version"] };
  if (text(given, "launchTemplateId") !== "") named["id"] = given["launchTemplateId"];
  if (text(given, "launchTemplateName") !== "") named["name"] = given["launchTemplateName"];
  return named;
}

/** The version of a template that an option names. Throws EC2's errors for one that there is not. */
export function templateVersion(cloud: Cloud, region: string, given: Props): TemplateVersion {
  const template = findTemplate(cloud, region, given);
  const asked = text(given, "version") || "$Default";
  const content = versionOf(cloud, template, asked);
  const named = { $Latest: "latestVersion", $Default: "defaultVersion" }[asked];
  const version = named === undefined ? asked : shown(template.outputs[named] ?? 1);
  return { id: template.id, name: text(template.outputs, "name"), version, content };
}

/** Units of capacity that are to be on demand among so many. */
function onDemandWanted({ onDemandBase, onDemandPercent }: LaunchPlan, units: number): number {
  return Math.min(units, onDemandBase) + Math.ceil((Math.max(0, units - onDemandBase) * onDemandPercent) / 100);
}

function onDemandUnits(members: readonly Member[]): number {
  return unitsOf(members.filter(({ market }) => market === "on-demand"));
}

/** In which way more instances are paid for than a group that is smaller by one would have. */
export function plentyOf(plan: LaunchPlan, members: readonly Member[]): Market {
  return onDemandUnits(members) > onDemandWanted(plan, unitsOf(members) - 1) ? "on-demand" : "spot";
}

/** What the next instance is to be beside those that there are. */
export function nextLaunch(
  plan: LaunchPlan,
  beside: readonly Member[],
): { readonly option: LaunchOption; readonly market: Market } {
  if (onDemandUnits(beside) < onDemandWanted(plan, unitsOf(beside) + 1))
    return { market: "on-demand", option: first(plan.onDemandStrategy === "lowest-price" ? bySize(plan) : plan.options) };
  if (plan.spotStrategy !== "lowest-price") return { market: "spot", option: first(plan.options) };
  const counted = (option: LaunchOption): number =>
    beside.filter(({ market, type }) => market === "spot" && type === option.type).length;
  const pools = bySize(plan).slice(0, Math.max(1, plan.spotPools));
  const least = Math.min(...pools.map(counted));
  return { market: "spot", option: first(pools.filter((option) => counted(option) === least)) };
}

/** The sandbox knows no prices: within a family they grow with the size. */
function bySize({ options }: LaunchPlan): LaunchOption[] {
  const size = ({ type = "" }: LaunchOption): number => processorsOf(type) * 1000 + memoryGibOf(type);
  return [...options].sort((one, other) => size(one) / one.weight - size(other) / other.weight);
}

function first(options: readonly LaunchOption[]): LaunchOption {
  return options[0] ?? { weight: 1, template: {} };
}

/** Whether an instance is one that the plan would launch now, for the wish to replace only those that are not. */
export function matches(cloud: Cloud, region: string, plan: LaunchPlan, member: Member): boolean {
  return plan.options.some(({ template, type }) => {
    const { content, id, version } = templateVersion(cloud, region, template);
    return member.template === id && member.version === version && member.type === (type ?? text(content, "instanceType"));
  });
}
