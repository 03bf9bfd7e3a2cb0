import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { oneOf } from "../limits.ts";
import { proxiesOf } from "./proxies.ts";
import {
  PROXY_ENDPOINT,
  proxyHost,
  proxyId,
  proxyName,
  proxyNetwork,
  proxyNetworkReferences,
  proxyReference,
} from "./proxy-types.ts";

/** Endpoints of a proxy beside its own (RDS User Guide, "Quotas and limitations for RDS Proxy"). */
const MOST_ENDPOINTS = 20;

/** Another endpoint of a proxy, with a pool of its own; one with the role `READ_ONLY` leads to the cluster's readers. */
export const proxyEndpoint: ResourceDefinition = {
  type: PROXY_ENDPOINT,
  replaceOn: ["dbProxyEndpointName", "dbProxyName", "targetRole", "vpcSubnetIds"],
  defaults: { targetRole: "READ_WRITE" },
  limits: { dbProxyEndpointName: proxyName("dbProxyEndpointName"), targetRole: oneOf("READ_WRITE", "READ_ONLY") },
  references: [
    {
      ...proxyReference,
      inUse: (proxy, endpoint) =>
        new CloudError(
          "InvalidDBProxyStateFault",
          `The proxy ${proxy.id} still has the endpoint ${text(endpoint.inputs, "dbProxyEndpointName")}.`,
        ),
    },
    ...proxyNetworkReferences,
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const name = text(inputs, "dbProxyEndpointName");
    const all = cloud.world.all(PROXY_ENDPOINT).filter((row) => row.region === region);
    if (all.some((row) => row.inputs["dbProxyEndpointName"] === name))
      throw new CloudError(
        "DBProxyEndpointAlreadyExistsFault",
        "The specified DB proxy endpoint name must be unique for all DB proxy endpoints owned by your Amazon Web Services account in the specified Amazon Web Services Region.",
      );
    if (all.filter((row) => row.inputs["dbProxyName"] === inputs["dbProxyName"]).length >= MOST_ENDPOINTS)
      throw new CloudError("DBProxyEndpointQuotaExceededFault", "The DB proxy already has the maximum number of endpoints.");
    return {
      id: `${text(inputs, "dbProxyName")}/${name}`,
      outputs: {
        ...proxyNetwork(operation),
        arn: arn("rds", region, cloud.account, `db-proxy-endpoint:${proxyId("prx-endpoint")}`),
        endpoint: `${name}.endpoint.${proxyHost(cloud, region)}`,
        isDefault: false,
      },
    };
  },
  update: (operation) => proxyNetwork(operation),
  run: async (cloud, row) => {
    await proxiesOf(cloud).run(row);
    return undefined;
  },
  halt: (cloud, row) => proxiesOf(cloud).close(row),
};
