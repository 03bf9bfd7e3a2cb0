import type { Resource } from "../../core/definition.ts";
import { isProps, text, texts } from "../../core/values.ts";
import type { ConsoleSnapshot } from "../sources.ts";
import { type Health, healthOf } from "../health.ts";
import type { IconName } from "./icons.ts";
import { anchorOf, counted, nameOf } from "../names.ts";
import { type Flow, trafficOf } from "./traffic.ts";
import { WorldReader } from "./world-reader.ts";

/** Something drawn as a card. */
export interface SceneNode {
  readonly key: string;
  readonly kind: "internet" | "door" | "server" | "database" | "gateway" | "service";
  readonly title: string;
  readonly detail: string;
  readonly icon: IconName;
  readonly health: Health;
  /** The fragment that tells more; absent where the page has none. */
  readonly anchor?: string;
}

/** The rows of a network, from the internet inwards. */
export const TIERS = ["public", "private", "data"] as const;
export type Tier = (typeof TIERS)[number];

/** A subnet with what stands in it. */
export interface Cell {
  readonly zone: string;
  readonly tier: Tier;
  readonly label: string;
  readonly nodes: readonly SceneNode[];
}

/** A VPC: zones are its columns, tiers its rows. */
export interface Network {
  readonly title: string;
  readonly detail: string;
  readonly anchor: string;
  readonly zones: readonly string[];
  readonly cells: readonly Cell[];
}

/** What the picture shows, before anything has a place. */
export interface Scene {
  readonly doors: readonly SceneNode[];
  readonly networks: readonly Network[];
  readonly services: readonly SceneNode[];
  readonly flows: readonly Flow[];
}

/** The services beside the networks, in the order in which they stand, and the word for one of what they hold. */
const SERVICES: readonly (readonly [type: string, icon: IconName, title: string, one: string])[] = [
  ["aws:s3/bucket:Bucket", "bucket", "Object storage", "bucket"],
  ["aws:rds/proxy:Proxy", "database", "Connection pooler", "proxy"],
  ["aws:secretsmanager/secret:Secret", "secret", "Secrets", "secret"],
  ["aws:kms/key:Key", "key", "Encryption keys", "key"],
  ["aws:cloudwatch/logGroup:LogGroup", "log", "Logs", "log group"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", "Alarms", "alarm"],
  ["aws:sns/topic:Topic", "message", "Notifications", "topic"],
  ["aws:elasticache/replicationGroup:ReplicationGroup", "database", "Caches", "cache"],
  ["aws:sqs/queue:Queue", "message", "Queues", "queue"],
  ["aws:wafv2/webAcl:WebAcl", "secret", "Web firewalls", "web ACL"],
  ["aws:backup/vault:Vault", "backup", "Backups", "vault"],
  ["aws:route53/zone:Zone", "internet", "Domain names", "zone"],
];

/** Reads the picture out of the world. The same world gives the same scene, whatever the order of its rows. */
export function sceneOf(snapshot: ConsoleSnapshot): Scene {
  const world = new WorldReader(snapshot);
  const health = healthOf(snapshot.processes);
  return {
    doors: doorsOf(world),
    networks: networksOf(world, health),
    services: servicesOf(world),
    flows: trafficOf(world),
  };
}

type HealthOf = (resource: Resource) => Health;

/** Where people come in: delivery networks, load balancers, and addresses but those from which a NAT gateway speaks outwards. */
function doorsOf(world: WorldReader): SceneNode[] {
  const outwards = world.all("aws:ec2/natGateway:NatGateway").map(({ outputs }) => text(outputs, "allocationId"));
  const addresses = world.all("aws:ec2/eip:Eip").filter(({ id }) => !outwards.includes(id));
  return [
    ...world.all("aws:cloudfront/distribution:Distribution").map((each) => doorNode(world, each, nameOf(each), each.id)),
    ...world.all("aws:lb/loadBalancer:LoadBalancer").map((each) => {
      const name = text(each.outputs, "name");
      return doorNode(world, each, name, name);
    }),
    ...addresses.map((each) => doorNode(world, each, text(each.outputs, "publicIp") || nameOf(each), each.id)),
  ];
}

function doorNode(world: WorldReader, resource: Resource, title: string, doorName: string): SceneNode {
  const door = world.snapshot.doors.find(({ name }) => name === doorName);
  const detail = door?.url ?? "not attached";
  const health = door === undefined ? "declared" : "ok";
  return { key: resource.id, kind: "door", icon: "door", title, detail, health, anchor: anchorOf(resource) };
}

function networksOf(world: WorldReader, health: HealthOf): Network[] {
  return world.all("aws:ec2/vpc:Vpc").map((vpc) => {
    const subnets = world.all("aws:ec2/subnet:Subnet").filter(({ outputs }) => text(outputs, "vpcId") === vpc.id);
    const cells = subnets.map((subnet) => ({
      zone: text(subnet.outputs, "availabilityZone"),
      tier: tierOf(world, subnet),
      label: text(subnet.outputs, "cidrBlock"),
      nodes: nodesIn(world, health, subnet),
    }));
    const zones = [...new Set(cells.map(({ zone }) => zone))].sort();
    return { title: nameOf(vpc), detail: text(vpc.outputs, "cidrBlock"), anchor: anchorOf(vpc), zones, cells };
  });
}

function servicesOf(world: WorldReader): SceneNode[] {
  return SERVICES.flatMap(([type, icon, title, one]) => {
    // What the account has by itself was not deployed by anybody.
    const [first, ...others] = world.all(type).filter(({ urn }) => urn !== "");
    if (first === undefined) return [];
    const firing = type.startsWith("aws:cloudwatch/metricAlarm:")
      ? world.snapshot.alarms.filter(({ state }) => state === "ALARM").length
      : 0;
    const details = [first, ...others].map((row) => world.detailOf(row)).filter((each) => each !== "");
    const detail = [counted(others.length + 1, one) + (firing > 0 ? `, ${String(firing)} firing` : ""), ...details].join(" · ");
    return {
      key: `service:${type}`,
      kind: "service",
      icon,
      title,
      detail,
      health: firing > 0 ? "down" : "declared",
      anchor: anchorOf(first),
    } as const;
  });
}

function nodesIn(world: WorldReader, health: HealthOf, subnet: Resource): SceneNode[] {
  const servers = world.servers().filter(({ outputs }) => text(outputs, "subnetId") === subnet.id);
  const gateways = world.all("aws:ec2/natGateway:NatGateway").filter(({ outputs }) => text(outputs, "subnetId") === subnet.id);
  const databases = world.databases().filter((database) => world.subnetOf(database) === subnet.id);
  return [
    ...servers.map((server) =>
      nodeOf(health, server, "server", [text(server.outputs, "instanceType"), text(server.outputs, "privateIp")]),
    ),
    ...gateways.map((gateway) => nodeOf(health, gateway, "gateway", ["NAT gateway"])),
    ...databases.map((database) =>
      nodeOf(health, database, "database", [
        world.detailOf(database),
        text(database.outputs, "engine"),
        text(database.outputs, "engineVersion"),
      ]),
    ),
  ];
}

function nodeOf(
  health: HealthOf,
  resource: Resource,
  kind: "server" | "database" | "gateway",
  details: readonly string[],
): SceneNode {
  const detail = details.filter((part) => part !== "").join(" · ");
  const title = groupOf(resource) ?? nameOf(resource);
  return { key: resource.id, kind, icon: kind, title, detail, health: health(resource), anchor: anchorOf(resource) };
}

/** The Auto Scaling group of a server: such servers have no names of their own. */
function groupOf({ outputs }: Resource): string | undefined {
  const tags = isProps(outputs["tags"]) ? outputs["tags"] : {};
  return text(tags, "aws:autoscaling:groupName") || undefined;
}

/** Data where a database's subnet group is, public where the route table leads to an internet gateway, private elsewhere. */
function tierOf(world: WorldReader, subnet: Resource): Tier {
  const groups = world.all("aws:rds/subnetGroup:SubnetGroup");
  if (groups.some(({ outputs }) => texts(outputs, "subnetIds").includes(subnet.id))) return "data";
  const tables = world
    .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .filter(({ outputs }) => text(outputs, "subnetId") === subnet.id)
    .map(({ outputs }) => text(outputs, "routeTableId"));
  const routes = world.all("aws:ec2/route:Route").filter(({ outputs }) => tables.includes(text(outputs, "routeTableId")));
  const open =
    routes.some(({ outputs }) => text(outputs, "gatewayId").startsWith("igw-")) || subnet.outputs["mapPublicIpOnLaunch"] === true;
  return open ? "public" : "private";
}
