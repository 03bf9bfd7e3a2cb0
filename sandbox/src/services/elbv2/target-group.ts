import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import { notFound } from "../ec2/network-errors.ts";
import { VPC } from "../ec2/vpc.ts";
import { given } from "../limits.ts";
import { chosenName } from "../names.ts";
import { usersOf } from "./actions.ts";
import { balancingOf } from "./balancing.ts";
import { arnSuffix, elbArn, elbId, quota, requireFreeName, TARGET_GROUP } from "./names.ts";
import { forgetTargets } from "./registered-targets.ts";
import { targetGroupLimits, wholeCheck } from "./target-group-limits.ts";

const MOST_TARGET_GROUPS = 3000;
const NEEDED = ["port", "protocol", "vpcId"];

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const missing = NEEDED.filter((name) => !given(inputs, NEEDED).includes(name));
  if (missing.length > 0)
    throw new CloudError(
      "ValidationError",
      `A target group of servers needs ${NEEDED.join(", ")}; not given: ${missing.join(", ")}`,
    );
  const name = chosenName(inputs);
  requireFreeName(operation, TARGET_GROUP, "Target Group", name);
  const present = cloud.world.all(TARGET_GROUP).filter((row) => row.region === region).length;
  quota(present, MOST_TARGET_GROUPS, "TooManyTargetGroups", "The maximum number of target groups has been reached");
  const id = elbArn(operation, `targetgroup/${name}/${elbId()}`);
  return {
    id,
    outputs: {
      ...filledIn(inputs),
      arn: id,
      arnSuffix: arnSuffix(id),
      name,
      namePrefix: text(inputs, "namePrefix"),
      loadBalancerArns: [],
    },
  };
}

/** What AWS reads back where the inputs say nothing. */
function filledIn(inputs: Props): Props {
  const stickiness = isProps(inputs["stickiness"]) ? inputs["stickiness"] : { enabled: false, type: "lb_cookie" };
  const health = isProps(inputs["targetGroupHealth"]) ? inputs["targetGroupHealth"] : {};
  const routing = isProps(health["unhealthyStateRouting"]) ? health["unhealthyStateRouting"] : {};
  return {
    healthCheck: wholeCheck(inputs),
    stickiness: { enabled: true, cookieDuration: 86_400, cookieName: "", ...stickiness },
    targetGroupHealth: {
      dnsFailover: { minimumHealthyTargetsCount: "1", minimumHealthyTargetsPercentage: "off" },
      unhealthyStateRouting: { minimumHealthyTargetsCount: 1, minimumHealthyTargetsPercentage: "off", ...routing },
    },
    tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
  };
}

/** Servers that take the requests of a load balancer, and how their health is checked. */
export const targetGroup: ResourceDefinition = {
  type: TARGET_GROUP,
  replaceOn: ["ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
  autoName: { property: "name", maxLength: 32 },
  defaults: {
    deregistrationDelay: 300,
    ipAddressType: "ipv4",
    lambdaMultiValueHeadersEnabled: false,
    loadBalancingAlgorithmType: "round_robin",
    loadBalancingAnomalyMitigation: "off",
    loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
    protocolVersion: "HTTP1",
    proxyProtocolV2: false,
    slowStart: 0,
    targetType: "instance",
  },
  limits: targetGroupLimits,
  references: [{ path: "vpcId", to: VPC, missing: (id) => notFound(VPC, id) }],
  create,
  update: ({ inputs }, before) => ({
    ...filledIn(inputs),
    name: before.outputs["name"],
    namePrefix: before.outputs["namePrefix"],
  }),
  remove: (cloud: Cloud, row: Resource) => {
    forgetTargets(cloud, row.id);
  },
  run: (cloud, row) => {
    balancingOf(cloud).group(row);
    return Promise.resolve(undefined);
  },
  halt: (cloud, row) => {
    balancingOf(cloud).dropGroup(row.id);
    return Promise.resolve();
  },
  look: (cloud, row) => ({
    loadBalancerArns: [...new Set(usersOf(cloud, row.id).map(({ loadBalancer }) => loadBalancer))],
  }),
};
