import type { Resource } from "../../core/definition.ts";
import { text, texts, type Value } from "../../core/values.ts";
import type { ConsoleSnapshot } from "../sources.ts";
import { type Health, healthOf } from "../health.ts";
import type { IconName } from "./icons.ts";
import { anchorOf, counted, nameOf } from "../names.ts";

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

/** Traffic from one card to another. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Whether something is known to pass right now. */
  readonly busy: boolean;
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
  ["aws:secretsmanager/secret:Secret", "secret", "Secrets", "secret"],
  ["aws:kms/key:Key", "key", "Encryption keys", "key"],
  ["aws:cloudwatch/logGroup:LogGroup", "log", "Logs", "log group"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", "Alarms", "alarm"],
  ["aws:sns/topic:Topic", "message", "Notifications", "topic"],
  ["aws:backup/vault:Vault", "backup", "Backups", "vault"],
  ["aws:route53/zone:Zone", "internet", "Domain names", "zone"],
];

export const INTERNET = "internet";
const STORAGE = "service:aws:s3/bucket:Bucket";

/** Reads the picture out of the world. The same world gives the same scene, whatever the order of its rows. */
export function sceneOf(snapshot: ConsoleSnapshot): Scene {
  const reader = new SceneReader(snapshot);
  return { doors: reader.doors(), networks: reader.networks(), services: reader.services(), flows: reader.flows() };
}

class SceneReader {
  private readonly snapshot: ConsoleSnapshot;
  private readonly health: (resource: Resource) => Health;

  constructor(snapshot: ConsoleSnapshot) {
    this.snapshot = snapshot;
    this.health = healthOf(snapshot.processes);
  }

  doors(): SceneNode[] {
    return this.all("aws:ec2/eip:Eip").map((eip) => {
      const door = this.snapshot.doors.find(({ name }) => name === eip.id);
      const detail = door?.url ?? "not attached";
      const title = text(eip.outputs, "publicIp") || nameOf(eip);
      const health = door === undefined ? "declared" : "ok";
      return { key: eip.id, kind: "door", icon: "door", title, detail, health, anchor: anchorOf(eip) };
    });
  }

  networks(): Network[] {
    return this.all("aws:ec2/vpc:Vpc").map((vpc) => {
      const subnets = this.all("aws:ec2/subnet:Subnet").filter(({ outputs }) => text(outputs, "vpcId") === vpc.id);
      const cells = subnets.map((subnet) => ({
        zone: text(subnet.outputs, "availabilityZone"),
        tier: this.tierOf(subnet),
        label: text(subnet.outputs, "cidrBlock"),
        nodes: this.nodesIn(subnet),
      }));
      const zones = [...new Set(cells.map(({ zone }) => zone))].sort();
      return { title: nameOf(vpc), detail: text(vpc.outputs, "cidrBlock"), anchor: anchorOf(vpc), zones, cells };
    });
  }

  services(): SceneNode[] {
    return SERVICES.flatMap(([type, icon, title, one]) => {
      const [first, ...others] = this.all(type);
      if (first === undefined) return [];
      const firing = type.startsWith("aws:cloudwatch/metricAlarm:")
        ? this.snapshot.alarms.filter(({ state }) => state === "ALARM").length
        : 0;
      const detail = counted(others.length + 1, one) + (firing > 0 ? `, ${String(firing)} firing` : "");
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

  flows(): Flow[] {
    return [...this.flowsFromInternet(), ...this.flowsToDatabases(), ...this.flowsToStorage()];
  }

  private all(type: string): Resource[] {
    return this.snapshot.resources
      .filter((resource) => resource.type === type)
      .sort((a, b) => compare(nameOf(a), nameOf(b)) || compare(a.id, b.id));
  }

  private servers(): Resource[] {
    return this.all("aws:ec2/instance:Instance").filter(({ phase }) => phase !== "deleting");
  }

  private nodesIn(subnet: Resource): SceneNode[] {
    const servers = this.servers().filter(({ outputs }) => text(outputs, "subnetId") === subnet.id);
    const gateways = this.all("aws:ec2/natGateway:NatGateway").filter(({ outputs }) => text(outputs, "subnetId") === subnet.id);
    const databases = this.databases().filter((database) => this.subnetOf(database) === subnet.id);
    return [
      ...servers.map((server) =>
        this.node(server, "server", [text(server.outputs, "instanceType"), text(server.outputs, "privateIp")]),
      ),
      ...gateways.map((gateway) => this.node(gateway, "gateway", ["NAT gateway"])),
      ...databases.map((database) =>
        this.node(database, "database", [text(database.outputs, "engine"), text(database.outputs, "engineVersion")]),
      ),
    ];
  }

  private node(resource: Resource, kind: "server" | "database" | "gateway", details: readonly string[]): SceneNode {
    const detail = details.filter((part) => part !== "").join(" · ");
    const title = nameOf(resource);
    return { key: resource.id, kind, icon: kind, title, detail, health: this.health(resource), anchor: anchorOf(resource) };
  }

  /** Cluster instances, and clusters that have none yet. */
  private databases(): Resource[] {
    const instances = this.all("aws:rds/clusterInstance:ClusterInstance");
    const lonely = this.all("aws:rds/cluster:Cluster").filter(
      (cluster) =>
        !instances.some(({ outputs }) => text(outputs, "clusterIdentifier") === text(cluster.outputs, "clusterIdentifier")),
    );
    return [...instances, ...lonely];
  }

  private clusterOf(database: Resource): Resource {
    const identifier = text(database.outputs, "clusterIdentifier");
    return (
      this.all("aws:rds/cluster:Cluster").find(({ outputs }) => text(outputs, "clusterIdentifier") === identifier) ?? database
    );
  }

  /** The subnet of its group that lies in the database's zone; the first one while the zone is not known. */
  private subnetOf(database: Resource): string | undefined {
    const groupName = text(this.clusterOf(database).outputs, "dbSubnetGroupName");
    const group = this.all("aws:rds/subnetGroup:SubnetGroup").find(
      ({ id, outputs }) => id === groupName || text(outputs, "name") === groupName,
    );
    const ids = texts(group?.outputs ?? {}, "subnetIds");
    const subnets = this.all("aws:ec2/subnet:Subnet")
      .filter(({ id }) => ids.includes(id))
      .sort((a, b) => compare(text(a.outputs, "availabilityZone"), text(b.outputs, "availabilityZone")));
    const zone = text(database.outputs, "availabilityZone");
    return (subnets.find(({ outputs }) => text(outputs, "availabilityZone") === zone) ?? subnets[0])?.id;
  }

  /** Data where a database's subnet group is, public where the route table leads to an internet gateway, private elsewhere. */
  private tierOf(subnet: Resource): Tier {
    const groups = this.all("aws:rds/subnetGroup:SubnetGroup");
    if (groups.some(({ outputs }) => texts(outputs, "subnetIds").includes(subnet.id))) return "data";
    const tables = this.all("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .filter(({ outputs }) => text(outputs, "subnetId") === subnet.id)
      .map(({ outputs }) => text(outputs, "routeTableId"));
    const routes = this.all("aws:ec2/route:Route").filter(({ outputs }) => tables.includes(text(outputs, "routeTableId")));
    const open =
      routes.some(({ outputs }) => text(outputs, "gatewayId").startsWith("igw-")) ||
      subnet.outputs["mapPublicIpOnLaunch"] === true;
    return open ? "public" : "private";
  }

  private flowsFromInternet(): Flow[] {
    return this.all("aws:ec2/eip:Eip").flatMap((eip) => {
      const association = this.all("aws:ec2/eipAssociation:EipAssociation").find(
        ({ outputs }) => text(outputs, "allocationId") === eip.id,
      );
      const server = text(association?.outputs ?? eip.outputs, association === undefined ? "instance" : "instanceId");
      if (!this.servers().some(({ id }) => id === server)) return [];
      const perMinute = this.snapshot.doors.find(({ name }) => name === eip.id)?.requestsPerMinute;
      const busy = perMinute !== undefined && perMinute > 0;
      return [
        { from: INTERNET, to: eip.id, label: perMinute === undefined ? "" : `${String(perMinute)} a minute`, busy },
        { from: eip.id, to: server, label: this.openPorts(server), busy },
      ];
    });
  }

  /** The ports at which a server's security groups let everyone in. */
  private openPorts(server: string): string {
    const groups = this.servers().flatMap((row) => (row.id === server ? this.groupsOf(row) : []));
    const ports = this.ingress()
      .filter(({ outputs }) => groups.includes(text(outputs, "securityGroupId")) && text(outputs, "cidrIpv4") === "0.0.0.0/0")
      .map(({ outputs }) => Number(outputs["toPort"]));
    return [...new Set(ports)].sort((a, b) => a - b).join(", ");
  }

  /** A server's security groups: its own, or those of the launch template that it was made from. */
  private groupsOf(server: Resource): string[] {
    const own = texts(server.outputs, "vpcSecurityGroupIds");
    if (own.length > 0) return own;
    const made = server.outputs["launchTemplate"];
    const id = made !== null && typeof made === "object" && !Array.isArray(made) ? text(made, "id") : "";
    const template = this.all("aws:ec2/launchTemplate:LaunchTemplate").find((row) => row.id === id);
    return texts(template?.outputs ?? {}, "vpcSecurityGroupIds");
  }

  private ingress(): Resource[] {
    return this.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  }

  /** A line wherever a security group rule lets a server in: the firewall is the truth about who can talk to whom. */
  private flowsToDatabases(): Flow[] {
    return this.databases().flatMap((database) => {
      const guarded = texts(this.clusterOf(database).outputs, "vpcSecurityGroupIds");
      const rules = this.ingress().filter(({ outputs }) => guarded.includes(text(outputs, "securityGroupId")));
      return this.servers().flatMap((server) => {
        const mine = this.groupsOf(server);
        const rule = rules.find(({ outputs }) => mine.includes(text(outputs, "referencedSecurityGroupId")));
        return rule === undefined
          ? []
          : [{ from: server.id, to: database.id, label: numberText(rule.outputs["toPort"]), busy: false }];
      });
    });
  }

  private flowsToStorage(): Flow[] {
    const endpoint = this.all("aws:ec2/vpcEndpoint:VpcEndpoint").find(({ outputs }) =>
      text(outputs, "serviceName").endsWith(".s3"),
    );
    if (endpoint === undefined || this.all("aws:s3/bucket:Bucket").length === 0) return [];
    return this.servers().map(({ id }) => ({ from: id, to: STORAGE, label: "S3 endpoint", busy: false }));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberText(value: Value | undefined): string {
  return typeof value === "number" ? String(value) : "";
}
