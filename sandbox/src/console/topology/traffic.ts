import { text, texts, type Value } from "../../core/values.ts";
import type { WorldReader } from "./world-reader.ts";

/** Traffic from one card to another. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Whether something is known to pass right now. */
  readonly busy: boolean;
}

/** The keys of what traffic begins and ends at without being one resource. */
export const INTERNET = "internet";
export const STORAGE = "service:aws:s3/bucket:Bucket";

/** Who reaches whom, as addresses, firewalls and endpoints let them. */
export function trafficOf(world: WorldReader): Flow[] {
  return [...flowsFromInternet(world), ...flowsToDatabases(world), ...flowsToStorage(world)];
}

function flowsFromInternet(world: WorldReader): Flow[] {
  return world.all("aws:ec2/eip:Eip").flatMap((eip) => {
    const association = world
      .all("aws:ec2/eipAssociation:EipAssociation")
      .find(({ outputs }) => text(outputs, "allocationId") === eip.id);
    const server = text(association?.outputs ?? eip.outputs, association === undefined ? "instance" : "instanceId");
    if (!world.servers().some(({ id }) => id === server)) return [];
    const perMinute = world.snapshot.doors.find(({ name }) => name === eip.id)?.requestsPerMinute;
    const busy = perMinute !== undefined && perMinute > 0;
    return [
      { from: INTERNET, to: eip.id, label: perMinute === undefined ? "" : `${String(perMinute)} a minute`, busy },
      { from: eip.id, to: server, label: openPorts(world, server), busy },
    ];
  });
}

/** The ports at which a server's security groups let everyone in. */
function openPorts(world: WorldReader, server: string): string {
  const groups = world.servers().flatMap((row) => (row.id === server ? world.groupsOf(row) : []));
  const ports = world
    .ingress()
    .filter(({ outputs }) => groups.includes(text(outputs, "securityGroupId")) && text(outputs, "cidrIpv4") === "0.0.0.0/0")
    .map(({ outputs }) => Number(outputs["toPort"]));
  return [...new Set(ports)].sort((a, b) => a - b).join(", ");
}

/** A line wherever a security group rule lets a server in: the firewall is the truth about who can talk to whom. */
function flowsToDatabases(world: WorldReader): Flow[] {
  return world.databases().flatMap((database) => {
    const guarded = texts(world.clusterOf(database).outputs, "vpcSecurityGroupIds");
    const rules = world.ingress().filter(({ outputs }) => guarded.includes(text(outputs, "securityGroupId")));
    return world.servers().flatMap((server) => {
      const mine = world.groupsOf(server);
      const rule = rules.find(({ outputs }) => mine.includes(text(outputs, "referencedSecurityGroupId")));
      return rule === undefined
        ? []
        : [{ from: server.id, to: database.id, label: numberText(rule.outputs["toPort"]), busy: false }];
    });
  });
}

function flowsToStorage(world: WorldReader): Flow[] {
  const endpoint = world
    .all("aws:ec2/vpcEndpoint:VpcEndpoint")
    .find(({ outputs }) => text(outputs, "serviceName").endsWith(".s3"));
  if (endpoint === undefined || world.all("aws:s3/bucket:Bucket").length === 0) return [];
  return world.servers().map(({ id }) => ({ from: id, to: STORAGE, label: "S3 endpoint", busy: false }));
}

function numberText(value: Value | undefined): string {
  return typeof value === "number" ? String(value) : "";
}
