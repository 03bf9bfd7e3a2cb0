import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import { all, between, type Limit, oneOf, shown } from "../limits.ts";

const DAYS_2_SECONDS = 172_800;
/** What begins a refresh in any case. */
const ALWAYS = ["launch_configuration", "launch_template", "mixed_instances_policy"];

const seconds = (most: number): Limit => {
  return (value) => {
    const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : NaN;
    return number <= most ? undefined : `${shown(value)} is no number of seconds; allowed: "0" to "${most}"`;
  };
};

const ascending: Limit = (value) => {
  const numbers = Array.isArray(value) ? value.map(Number) : [];
  const rises = numbers.every(
    (number, index) => number >= 1 && number <= 100 && (index === 0 || number > (numbers[index - 1] ?? 0)),
  );
  return rises ? undefined : `${shown(value)}: percentages from 1 to 100 are given once each, in ascending order`;
};

/** A rollback goes back to a version, so the group must name one. */
const rollback: Limit = (value, inputs) => {
  if (value !== true) return undefined;
  const floating = versions(inputs).find((version) => version === "" || version.startsWith("$"));
  return floating === undefined
    ? undefined
    : `autoRollback needs launch templates with the number of a version, not with ${floating === "" ? "none" : shown(floating)}`;
};

/** The versions of the launch templates that the inputs name; a version that is not known yet is one. */
function versions(inputs: Props): string[] {
  const policy = "mixedInstancesPolicy.launchTemplate";
  return ["launchTemplate", `${policy}.launchTemplateSpecification`, `${policy}.overrides[].launchTemplateSpecification`]
    .flatMap((path) => valuesAt(inputs, path))
    .filter(isProps)
    .map((template) => text(template, "version"));
}

const growth: Limit = (value: Value, inputs) => {
  const refresh = inputs["instanceRefresh"];
  const preferences = isProps(refresh) && isProps(refresh["preferences"]) ? refresh["preferences"] : {};
  const min = preferences["minHealthyPercentage"];
  // Amazon EC2 Auto Scaling API Reference, RefreshPreferences.
  if (typeof value !== "number" || typeof min !== "number" || value - min <= 100) return undefined;
  return `maxHealthyPercentage - minHealthyPercentage cannot be greater than 100 (given: ${value} - ${min})`;
};

const PREFERENCES = "instanceRefresh.preferences";

/** What the instance refresh of a group may be. Source: Amazon EC2 Auto Scaling API Reference, StartInstanceRefresh. */
export const refreshLimits: Readonly<Record<string, Limit>> = {
  "instanceRefresh.strategy": oneOf("Rolling"),
  "instanceRefresh.triggers[]": (value) =>
    typeof value === "string" && ALWAYS.includes(value)
      ? `${shown(value)} begins a refresh in any case; leave it out`
      : undefined,
  [`${PREFERENCES}.autoRollback`]: rollback,
  [`${PREFERENCES}.checkpointDelay`]: seconds(DAYS_2_SECONDS),
  [`${PREFERENCES}.checkpointPercentages`]: ascending,
  [`${PREFERENCES}.instanceWarmup`]: seconds(Number.MAX_SAFE_INTEGER),
  [`${PREFERENCES}.minHealthyPercentage`]: between(0, 100),
  [`${PREFERENCES}.maxHealthyPercentage`]: all(between(100, 200), growth),
  [`${PREFERENCES}.scaleInProtectedInstances`]: (value) =>
    value === "Wait"
      ? "the sandbox does not wait for a protection to be lifted; allowed: Refresh, Ignore"
      : oneOf("Refresh", "Ignore")(value, {}),
  [`${PREFERENCES}.standbyInstances`]: (value) =>
    value === "Ignore" ? undefined : `${shown(value)}: the sandbox has no instances in standby; leave standbyInstances out`,
};
