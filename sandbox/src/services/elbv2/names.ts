import { randomBytes, randomInt } from "node:crypto";
import type { Operation, Reference, Resource } from "../../core/definition.ts";
import { CloudError } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { all, type Limit, matching, ofLength } from "../limits.ts";
import { PREFIX_SUFFIX_LENGTH } from "../names.ts";

export const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
export const LISTENER = "aws:lb/listener:Listener";
export const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
export const TARGET_GROUP_ATTACHMENT = "aws:lb/targetGroupAttachment:TargetGroupAttachment";

const LONGEST_NAME = 32;

/** Names of load balancers and target groups. Source: Elastic Load Balancing API Reference, CreateLoadBalancer and CreateTargetGroup. */
export const nameLimits: Readonly<Record<"name" | "namePrefix", Limit>> = {
  name: all(
    ofLength(1, LONGEST_NAME),
    matching(/^[0-9A-Za-z-]+$/, "letters, digits and hyphens are"),
    matching(/^(?!-).*(?<!-)$/, "a name neither begins nor ends with a hyphen"),
  ),
  namePrefix: all(
    ofLength(1, LONGEST_NAME - PREFIX_SUFFIX_LENGTH),
    matching(/^[0-9A-Za-z-]+$/, "letters, digits and hyphens are"),
    matching(/^[^-]/, "a name does not begin with a hyphen"),
    (_value, inputs) => (inputs["name"] === undefined ? undefined : '"namePrefix" conflicts with "name": give one of them'),
  ),
};

/** An ARN of Elastic Load Balancing. */
export function elbArn({ cloud, region }: Pick<Operation, "cloud" | "region">, resource: string): string {
  return arn("elasticloadbalancing", region, cloud.account, resource);
}

/** 16 hexadecimal digits, as the parts of such an ARN end. */
export function elbId(): string {
  return randomBytes(8).toString("hex");
}

/** What of an ARN stands in the dimensions of metrics: `app/web/50dc6c495c0c9188`, `targetgroup/web/73e2d6bc24d8a067`. */
export function arnSuffix(resourceArn: string): string {
  return (resourceArn.split(":")[5] ?? "").replace(/^loadbalancer\//, "");
}

/** The name under which a load balancer is reached. One that is not for the internet says so. */
export function dnsName(name: string, region: string, internal: boolean): string {
  return `${internal ? "internal-" : ""}${name}-${String(randomInt(100_000_000, 2_000_000_000))}.${region}.elb.amazonaws.com`;
}

/** The zone in which AWS keeps the names of a region's load balancers. Source: AWS General Reference, "Elastic Load Balancing endpoints and quotas". */
export function hostedZoneId(region: string): string {
  return HOSTED_ZONES[region] ?? "";
}

const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "af-south-1": "Z268VQBMOI5EKX",
  "ap-east-1": "Z3DQVH9N71FHZ0",
  "ap-northeast-1": "Z14GRHDCWA56QT",
  "ap-northeast-2": "ZWKZPGTI48KDX",
  "ap-northeast-3": "Z5LXEXXYW11ES",
  "ap-south-1": "ZP97RAFLXTNZK",
  "ap-south-2": "Z0173938T07WNTVAEPZN",
  "ap-southeast-1": "Z1LMS91P8CMLE5",
  "ap-southeast-2": "Z1GM3OXH4ZPM65",
  "ap-southeast-3": "Z08888821HLRG5A9ZRTER",
  "ap-southeast-4": "Z09517862IB2WZLPXG76F",
  "ca-central-1": "ZQSVJUPU6J1EY",
  "ca-west-1": "Z06473681N0SF6OS049SD",
  "eu-central-1": "Z215JYRZR1TBD5",
  "eu-central-2": "Z06391101F2ZOEP8P5EB3",
  "eu-north-1": "Z23TAZ6LKFMNIO",
  "eu-south-1": "Z3ULH7SSC9OV64",
  "eu-south-2": "Z0956581394HF5D5LXGAP",
  "eu-west-1": "Z32O12XQLNTSW2",
  "eu-west-2": "ZHURV8PSTC4K8",
  "eu-west-3": "Z3Q77PNBQS71R4",
  "il-central-1": "Z09170902867EHPV2DABU",
  "me-central-1": "Z08230872XQRWHG2XF6I",
  "me-south-1": "ZS929ML54UICD",
  "sa-east-1": "Z2P70J7HTTTPLU",
  "us-east-1": "Z35SXDOTRQ7X7K",
  "us-east-2": "Z3AADJGX6KTTL2",
  "us-west-1": "Z368ELLRRE2KJ0",
  "us-west-2": "Z1H1FL5HABSF5",
};

/** An input that names a load balancer. */
export const toLoadBalancer: Reference = {
  path: "loadBalancerArn",
  to: LOAD_BALANCER,
  missing: (value) => new CloudError("LoadBalancerNotFound", `Load balancers '[${value}]' not found`),
};

/** An input that names a listener. */
export const toListener: Reference = {
  path: "listenerArn",
  to: LISTENER,
  missing: () => new CloudError("ListenerNotFound", "One or more listeners not found"),
};

/** An input that names a target group. With `held` the group cannot be deleted meanwhile. */
export function toTargetGroup(path: string, held: boolean): Reference {
  return {
    path,
    to: TARGET_GROUP,
    missing: () => new CloudError("TargetGroupNotFound", "One or more target groups not found"),
    ...(held && { inUse: (group: Resource) => groupInUse(group.id) }),
  };
}

function groupInUse(group: string): CloudError {
  return new CloudError("ResourceInUse", `Target group '${group}' is currently in use by a listener or a rule`);
}

/** Throws if the region has one of that name already. The provider asks before it creates, so that nothing is taken over by accident. */
export function requireFreeName({ cloud, region }: Operation, type: string, noun: string, name: string): void {
  if (!cloud.world.all(type).some((row) => row.region === region && row.outputs["name"] === name)) return;
  throw new CloudError(`Duplicate${noun.replace(" ", "")}Name`, `A ${noun.toLowerCase()} with the same name '${name}' exists`);
}

/** Refuses one more than a region may have. Numbers: Elastic Load Balancing User Guide, "Quotas for your Application Load Balancers" (defaults). */
export function quota(present: number, most: number, code: string, message: string): void {
  if (present >= most) throw new CloudError(code, `${message} (quota: ${most})`);
}
