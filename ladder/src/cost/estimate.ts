import type { Change, ResourceState } from "../changes.ts";
import { PRICES } from "./prices.ts";

/** What a month costs, in USD: with nobody there, and with everything grown to its limit. Traffic, storage and requests come on top. */
export interface Cost {
  readonly idle: number;
  readonly full: number;
}

/** The resources whose hours or months are charged; what is charged by use alone, such as queues, buckets and a CDN, is not among them. */
export interface CostLine extends Cost {
  /** What people call it, such as `NAT gateway`. */
  readonly what: string;
  readonly count: number;
}

export interface CostEstimate extends Cost {
  /** The dearest first. */
  readonly lines: readonly CostLine[];
  /** Sizes whose price the table does not hold, so that they are missing from the sums. */
  readonly unknown: readonly string[];
}

/** The priced part of a resource. */
interface Priced extends Cost {
  readonly what: string;
}

type Inputs = Readonly<Record<string, unknown>>;

/** What a resource needs to know of the others. */
interface Others {
  /** The launch template that belongs to a resource. */
  readonly template: (name: string) => Inputs;
  readonly acu: { readonly min: number; readonly max: number };
  readonly unknown: Set<string>;
}

/** The monthly cost before and after a change. */
export function costOf(changes: readonly Change[]): { readonly before: CostEstimate; readonly after: CostEstimate } {
  return {
    before: estimate(changes.flatMap(({ before, name, type }) => (before === undefined ? [] : [{ name, type, ...before }]))),
    after: estimate(changes.flatMap(({ after, name, type }) => (after === undefined ? [] : [{ name, type, ...after }]))),
  };
}

type Resource = Pick<ResourceState, "inputs"> & Pick<Change, "name" | "type">;

/** The monthly cost of these resources. */
export function estimate(resources: readonly Resource[]): CostEstimate {
  const unknown = new Set<string>();
  const others = { template: templates(resources), acu: capacity(resources), unknown };
  const lines = new Map<string, { what: string; count: number; idle: number; full: number }>();
  for (const { inputs, name, type } of resources)
    for (const { full, idle, what } of PRICED[type]?.(inputs, others, name) ?? []) {
      const line = lines.get(what) ?? { what, count: 0, idle: 0, full: 0 };
      lines.set(what, { what, count: line.count + 1, idle: line.idle + idle, full: line.full + full });
    }
  const sorted = [...lines.values()].sort((left, right) => right.full - left.full || left.what.localeCompare(right.what));
  const sum = (key: "idle" | "full") => sorted.reduce((total, line) => total + line[key], 0);
  return { idle: sum("idle"), full: sum("full"), lines: sorted, unknown: [...unknown].sort() };
}

const PRICED: Readonly<Record<string, (inputs: Inputs, others: Others, name: string) => Priced[]>> = {
  "aws:autoscaling/group:Group": (inputs, others, name) => fleet(inputs, others, name),
  "aws:cloudwatch/dashboard:Dashboard": () => [monthly("dashboard", PRICES.dashboard)],
  "aws:cloudwatch/metricAlarm:MetricAlarm": (inputs) => [monthly("alarm", PRICES.alarmMetric * Math.max(1, metrics(inputs)))],
  "aws:ec2/eip:Eip": () => [hourly("public IPv4 address", PRICES.publicIpv4)],
  "aws:ec2/instance:Instance": (inputs, others, name) => server(inputs, others, name),
  "aws:ec2/natGateway:NatGateway": () => [hourly("NAT gateway", PRICES.natGateway)],
  "aws:ec2/vpcEndpoint:VpcEndpoint": (inputs) =>
    inputs["vpcEndpointType"] === "Interface"
      ? [hourly("interface endpoint", PRICES.interfaceEndpoint * list(inputs["subnetIds"]).length)]
      : [],
  "aws:elasticache/replicationGroup:ReplicationGroup": (inputs, others) => cache(inputs, others),
  "aws:kms/key:Key": () => [monthly("key", PRICES.kmsKey)],
  "aws:lb/loadBalancer:LoadBalancer": (inputs) => [
    hourly("load balancer", PRICES.loadBalancer + PRICES.loadBalancerUnit),
    ...(inputs["internal"] === true ? [] : list(inputs["subnets"])).map(() => hourly("public IPv4 address", PRICES.publicIpv4)),
  ],
  "aws:rds/clusterInstance:ClusterInstance": (_inputs, { acu }) => [
    {
      what: "Aurora instance",
      idle: acu.min * PRICES.auroraAcu * PRICES.hours,
      full: acu.max * PRICES.auroraAcu * PRICES.hours,
    },
  ],
  "aws:rds/proxy:Proxy": (_inputs, { acu }) => {
    const cost = (units: number) => Math.max(PRICES.proxyLeastAcu, units) * PRICES.proxyAcu * PRICES.hours;
    return [{ what: "connection pooler", idle: cost(acu.min), full: cost(acu.max) }];
  },
  "aws:route53/healthCheck:HealthCheck": () => [monthly("health check", PRICES.healthCheck)],
  "aws:secretsmanager/secret:Secret": () => [monthly("secret", PRICES.secret)],
  "aws:wafv2/webAcl:WebAcl": (inputs) => [
    monthly("web firewall", PRICES.webAcl + PRICES.webAclRule * list(inputs["rules"]).length),
  ],
};

function hourly(what: string, price: number): Priced {
  return monthly(what, price * PRICES.hours);
}

function monthly(what: string, price: number): Priced {
  return { what, idle: price, full: price };
}

function server(inputs: Inputs, others: Others, name: string): Priced[] {
  const template = others.template(name);
  const hour = hourOf(text(inputs["instanceType"] ?? template["instanceType"]), others);
  return [hourly("server", hour), monthly("disk", disk(template))];
}

/** A fleet at its smallest and its largest; waiting servers of a warm pool are stopped and cost their disks. */
function fleet(inputs: Inputs, others: Others, name: string): Priced[] {
  const template = others.template(name);
  const month = hourOf(text(template["instanceType"]), others) * PRICES.hours;
  const gb = disk(template);
  const warm = Number(record(inputs["warmPool"])["minSize"] ?? 0);
  const [min, max] = [Number(inputs["minSize"] ?? 0), Number(inputs["maxSize"] ?? 0)];
  return [
    { what: "servers of a fleet", idle: min * month, full: max * month },
    { what: "disk", idle: (min + warm) * gb, full: (max + warm) * gb },
  ];
}

function cache(inputs: Inputs, { unknown }: Others): Priced[] {
  const type = text(inputs["nodeType"]);
  const hour = PRICES.valkeyNode[type];
  if (hour === undefined) unknown.add(type);
  const groups = Number(inputs["numNodeGroups"] ?? 1);
  const nodes = Number(inputs["numCacheClusters"] ?? groups * (1 + Number(inputs["replicasPerNodeGroup"] ?? 0)));
  return [hourly("cache", (hour ?? 0) * nodes)];
}

function hourOf(type: string, { unknown }: Others): number {
  const hour = PRICES.ec2[type];
  if (hour === undefined) unknown.add(type === "" ? "a server of no known type" : type);
  return hour ?? 0;
}

/** A month of the disks that a template gives each server. */
function disk(template: Inputs): number {
  const gb = list(template["blockDeviceMappings"]).map((mapping) => Number(record(record(mapping)["ebs"])["volumeSize"] ?? 0));
  return gb.reduce((sum, size) => sum + size, 0) * PRICES.gp3Gb;
}

function metrics(inputs: Inputs): number {
  return list(inputs["metricQueries"]).filter((query) => record(query)["metric"] !== undefined).length;
}

/** A preview does not know the id of a template that is to be made; the one whose name begins alike stands in the same component. */
function templates(resources: readonly Resource[]): Others["template"] {
  const all = resources.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
  return (name) => {
    const nearest = [...all].sort((left, right) => alike(right.name, name) - alike(left.name, name))[0];
    return nearest?.inputs ?? {};
  };
}

/** How many letters two names share from the first on. */
function alike(left: string, right: string): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

function capacity(resources: readonly Resource[]): Others["acu"] {
  const cluster = resources.find(({ type }) => type === "aws:rds/cluster:Cluster");
  const range = record(cluster?.inputs["serverlessv2ScalingConfiguration"]);
  return { min: Number(range["minCapacity"] ?? 0), max: Number(range["maxCapacity"] ?? 0) };
}

function record(value: unknown): Inputs {
  return typeof value === "object" && value !== null ? (value as Inputs) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
