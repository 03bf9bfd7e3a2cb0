import type { Resource } from "../../core/definition.ts";
import { text, texts } from "../../core/values.ts";
import { nameOf } from "../names.ts";
import type { ConsoleSnapshot } from "../sources.ts";

/** Finds in a snapshot what belongs together. */
export class WorldReader {
  readonly snapshot: ConsoleSnapshot;

  constructor(snapshot: ConsoleSnapshot) {
    this.snapshot = snapshot;
  }

  /** The resources of a type, by name. */
  all(type: string): Resource[] {
    return this.snapshot.resources
      .filter((resource) => resource.type === type)
      .sort((a, b) => compare(nameOf(a), nameOf(b)) || compare(a.id, b.id));
  }

  /** What is told of the resource as it is now; empty for most. */
  detailOf({ id }: Resource): string {
    return this.snapshot.details?.[id] ?? "";
  }

  /** Instances that are not going. */
  servers(): Resource[] {
    return this.all("aws:ec2/instance:Instance").filter(({ phase }) => phase !== "deleting");
  }

  /** Cluster instances, and clusters that have none yet. */
  databases(): Resource[] {
    const instances = this.all("aws:rds/clusterInstance:ClusterInstance");
    const lonely = this.all("aws:rds/cluster:Cluster").filter(
      (cluster) =>
        !instances.some(({ outputs }) => text(outputs, "clusterIdentifier") === text(cluster.outputs, "clusterIdentifier")),
    );
    return [...instances, ...lonely];
  }

  /** The cluster of an instance, or the cluster itself. */
  clusterOf(database: Resource): Resource {
    const identifier = text(database.outputs, "clusterIdentifier");
    return (
      this.all("aws:rds/cluster:Cluster").find(({ outputs }) => text(outputs, "clusterIdentifier") === identifier) ?? database
    );
  }

  /** The subnet of its group that lies in the database's zone; the first one while the zone is not known. */
  subnetOf(database: Resource): string | undefined {
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

  /** A server's security groups: its own, or those of the launch template that it was made from. */
  groupsOf(server: Resource): string[] {
    const own = texts(server.outputs, "vpcSecurityGroupIds");
    if (own.length > 0) return own;
    const made = server.outputs["launchTemplate"];
    const id = made !== null && typeof made === "object" && !Array.isArray(made) ? text(made, "id") : "";
    const template = this.all("aws:ec2/launchTemplate:LaunchTemplate").find((row) => row.id === id);
    return texts(template?.outputs ?? {}, "vpcSecurityGroupIds");
  }

  /** Everything that security groups let in. */
  ingress(): Resource[] {
    return this.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
