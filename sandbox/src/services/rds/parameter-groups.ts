import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Reference, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { FAMILIES } from "./engine-versions.ts";
import { fleetOf } from "./fleet.ts";
import { nameOr, parameterGroupName, parameterGroupPrefix } from "./names.ts";
import { requireParameters } from "./parameters.ts";
import { CLUSTER, CLUSTER_INSTANCE } from "./types.ts";

interface Kind {
  readonly type: string;
  /** The resource part of the ARN. */
  readonly arnPart: string;
  /** Clusters whose servers have their parameters from this group. */
  readonly users: (cloud: Cloud, group: Resource) => Resource[];
}

/** What both kinds of parameter group share. A running server takes over what it can at once; the rest waits for its next start and is told. */
export function parameterGroupDefinition({ type, arnPart, users }: Kind): ResourceDefinition {
  return {
    type,
    replaceOn: ["description", "family", "name", "namePrefix"],
    autoName: { property: "name", maxLength: 255, lowercase: true },
    defaults: { description: "Managed by Pulumi" },
    limits: {
      name: parameterGroupName,
      namePrefix: parameterGroupPrefix,
      family: oneOf(...FAMILIES),
      "parameters[].applyMethod": oneOf("immediate", "pending-reboot"),
    },
    create: (operation) => {
      const { cloud, inputs, region } = operation;
      const name = nameOr(inputs, "name");
      if (cloud.world.get(type, name, region) !== undefined)
        throw new CloudError("DBParameterGroupAlreadyExists", `Parameter group ${name} already exists`);
      check(operation);
      return {
        id: name,
        outputs: { name, namePrefix: text(inputs, "namePrefix"), arn: arn("rds", region, cloud.account, `${arnPart}:${name}`) },
      };
    },
    update: (operation) => {
      check(operation);
      return {};
    },
    run: async (cloud, group) => {
      for (const cluster of users(cloud, group)) await fleetOf(cloud).refresh(cluster);
      return undefined;
    },
  };
}

function check({ cloud, inputs }: Operation): void {
  requireParameters(fleetOf(cloud).servers, inputs);
}

/** The input that names a group; `default.<family>` is a group that every account has. */
export function groupReference(
  path: string,
  to: string,
  notFound: readonly [code: string, what: string],
  holders: string,
): Reference {
  const [code, what] = notFound;
  return {
    path,
    to,
    by: ["name"],
    missing: (name) => (name.startsWith("default.") ? undefined : new CloudError(code, `${what} not found: ${name}`, 404)),
    inUse: (group) =>
      new CloudError(
        "InvalidDBParameterGroupState",
        `One or more ${holders} are still members of this parameter group ${group.id}, so the group cannot be deleted`,
      ),
  };
}

/** Clusters that name the group themselves. */
export function clustersWith(cloud: Cloud, group: Resource): Resource[] {
  return cloud.world
    .all(CLUSTER)
    .filter((row) => row.region === group.region && row.outputs["dbClusterParameterGroupName"] === group.id);
}

/** Clusters with an instance that names the group. */
export function clustersOfInstancesWith(cloud: Cloud, group: Resource): Resource[] {
  const instances = cloud.world
    .all(CLUSTER_INSTANCE)
    .filter((row) => row.region === group.region && row.outputs["dbParameterGroupName"] === group.id);
  const names = new Set(instances.map((row) => text(row.inputs, "clusterIdentifier")));
  return cloud.world.all(CLUSTER).filter((row) => row.region === group.region && names.has(row.id));
}
