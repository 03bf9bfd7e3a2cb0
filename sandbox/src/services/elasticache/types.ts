import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { text } from "../../core/values.ts";

export const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";
export const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
export const SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup";
export const USER = "aws:elasticache/user:User";
export const USER_GROUP = "aws:elasticache/userGroup:UserGroup";

/** ElastiCache's error for values that do not go together. */
export function invalidCombination(message: string): CloudError {
  return new CloudError("InvalidParameterCombination", message);
}

/** The same for a value that is wrong by itself. */
export function invalidValue(message: string): CloudError {
  return new CloudError("InvalidParameterValue", message);
}

/** A region as endpoints of caches write it: `eu-central-1` is `euc1`. */
export function shortRegion(region: string): string {
  const [area = "", side = "", number = ""] = region.split("-");
  const letters = side.replace(/(north|south)(east|west)|(north|south|east|west|central)/, (whole) =>
    whole === "central" || whole.length <= 5 ? whole.charAt(0) : `${whole.charAt(0)}${whole.charAt(5)}`,
  );
  return `${area}${letters}${number}`;
}

/** The part of endpoints that is the account's own in a region. */
export function hostPart(cloud: Cloud, region: string): string {
  return derived(6, "elasticache", cloud.account, region);
}

/** The caches of a region whose property has that value. */
export function groupsWith(cloud: Cloud, region: string, property: string, value: string): Resource[] {
  return cloud.world.all(REPLICATION_GROUP).filter((row) => row.region === region && text(row.outputs, property) === value);
}
