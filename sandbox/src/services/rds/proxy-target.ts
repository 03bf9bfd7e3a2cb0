import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import { clusterOfProxy, DEFAULT_GROUP, PROXY, PROXY_TARGET, proxyNetwork, proxyReference } from "./proxy-types.ts";
import { CLUSTER, CLUSTER_INSTANCE } from "./types.ts";

/** The cluster that a proxy leads to. */
export const proxyTarget: ResourceDefinition = {
  type: PROXY_TARGET,
  replaceOn: ["dbClusterIdentifier", "dbInstanceIdentifier", "dbProxyName", "targetGroupName"],
  references: [
    proxyReference,
    {
      path: "dbClusterIdentifier",
      to: CLUSTER,
      missing: (id) => new CloudError("DBClusterNotFoundFault", `DBCluster ${id} not found.`, 404),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    requireOneTarget(operation);
    const group = text(inputs, "targetGroupName");
    if (group !== DEFAULT_GROUP)
      throw new CloudError(
        "DBProxyTargetGroupNotFoundFault",
        `The specified target group ${group} isn't available for a proxy: a proxy has one, ${DEFAULT_GROUP}.`,
        404,
      );
    const name = text(inputs, "dbProxyName");
    const cluster = text(inputs, "dbClusterIdentifier");
    const proxy = cloud.world.get(PROXY, name, region);
    const known = proxy === undefined ? undefined : clusterOfProxy(cloud, proxy);
    if (known !== undefined)
      throw new CloudError(
        "DBProxyTargetAlreadyRegisteredFault",
        `The proxy is already associated with the specified RDS DB instance or Aurora DB cluster: ${known.id}.`,
      );
    const { outputs = {} } = cloud.world.get(CLUSTER, cluster, region) ?? {};
    const { vpcId } = proxyNetwork({ ...operation, inputs: proxy?.inputs ?? {} });
    if (outputs["vpcId"] !== vpcId)
      throw invalidCombination(
        `The DB cluster ${cluster} and the proxy ${name} are in different VPCs: ${text(outputs, "vpcId")} and ${vpcId}.`,
      );
    return {
      id: `${name}/${group}/TRACKED_CLUSTER/${cluster}`,
      outputs: {
        endpoint: "",
        port: outputs["port"] ?? 5432,
        rdsResourceId: cluster,
        targetArn: "",
        trackedClusterId: "",
        type: "TRACKED_CLUSTER",
      },
    };
  },
};

function requireOneTarget({ cloud, inputs, region }: Operation): void {
  const instance = text(inputs, "dbInstanceIdentifier");
  if ((text(inputs, "dbClusterIdentifier") === "") === (instance === ""))
    throw invalidCombination("Exactly one of dbClusterIdentifier and dbInstanceIdentifier must be given.");
  if (instance === "") return;
  if (cloud.world.get(CLUSTER_INSTANCE, instance, region) === undefined)
    throw new CloudError("DBInstanceNotFound", `DBInstance ${instance} not found.`, 404);
  throw invalidValue(`The DB instance ${instance} is a member of a DB cluster. Register the cluster: give dbClusterIdentifier.`);
}
