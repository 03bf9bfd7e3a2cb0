import { randomUUID } from "node:crypto";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, text } from "../../core/values.ts";
import { customizedFault, TARGET_VALUES } from "../autoscaling/policy-limits.ts";
import { all, between, given, type Limit, matching, ofLength, oneOf, shown } from "../limits.ts";
import { POLICY, requireTarget, resourceLimits } from "./names.ts";
import { READER_METRICS, withDimensions } from "./reader-metric.ts";

const type: Limit = (value) =>
  value === "TargetTrackingScaling"
    ? undefined
    : `${shown(value)}: readers of Aurora are scaled by target tracking only; give "TargetTrackingScaling"`;

const configuration: Limit = (value) => {
  if (!isProps(value)) return "targetTrackingScalingPolicyConfiguration must be an object";
  const specifications = given(value, ["predefinedMetricSpecification", "customizedMetricSpecification"]);
  return specifications.length === 1
    ? undefined
    : `exactly one of predefinedMetricSpecification and customizedMetricSpecification must be given (given: ${specifications.join(", ") || "none"})`;
};

const whole: Limit = (_value, inputs) =>
  given(inputs, ["policyType", "targetTrackingScalingPolicyConfiguration"]).length === 2
    ? undefined
    : 'policyType: "TargetTrackingScaling" and targetTrackingScalingPolicyConfiguration must be given';

function create({ cloud, inputs, region }: Operation): ReturnType<ResourceDefinition["create"]> {
  requireTarget(cloud, region, inputs);
  const name = text(inputs, "name");
  if (cloud.world.get(POLICY, name, region) !== undefined)
    throw new CloudError(
      "ValidationException",
      `The scaling policy ${name} belongs to another resource already: give it another name`,
    );
  const resource = `scalingPolicy:${randomUUID()}:resource/rds/${text(inputs, "resourceId")}:policyName/${name}`;
  // It reads the metric itself, and needs no alarms for that.
  return { id: name, outputs: { arn: arn("autoscaling", region, cloud.account, resource), alarmArns: [] } };
}

const CONFIGURATION = "targetTrackingScalingPolicyConfiguration";

/** By what the readers of an Aurora cluster become more and fewer. */
export const policy: ResourceDefinition = {
  type: POLICY,
  replaceOn: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
  autoName: { property: "name", maxLength: 255 },
  limits: {
    ...resourceLimits,
    name: all(ofLength(1, 255), matching(/^\P{Cc}+$/u, "control characters are not"), whole),
    policyType: type,
    [CONFIGURATION]: configuration,
    [`${CONFIGURATION}.targetValue`]: TARGET_VALUES,
    [`${CONFIGURATION}.scaleInCooldown`]: between(0, Number.MAX_SAFE_INTEGER),
    [`${CONFIGURATION}.scaleOutCooldown`]: between(0, Number.MAX_SAFE_INTEGER),
    [`${CONFIGURATION}.predefinedMetricSpecification.predefinedMetricType`]: oneOf(...Object.keys(READER_METRICS)),
    [`${CONFIGURATION}.customizedMetricSpecification`]: (value, inputs) =>
      isProps(value) ? customizedFault(withDimensions(value), inputs) : "customizedMetricSpecification must be an object",
  },
  create,
};
