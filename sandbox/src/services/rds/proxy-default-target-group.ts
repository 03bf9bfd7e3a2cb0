import type { ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { all, between, type Limit } from "../limits.ts";
import { DEFAULT_GROUP, poolConfig, PROXY_TARGET_GROUP, proxyId, proxyReference } from "./proxy-types.ts";

const notAboveMost: Limit = (value, inputs) => {
  const most = (inputs["connectionPoolConfig"] as Props | undefined)?.["maxConnectionsPercent"] ?? 100;
  return typeof value === "number" && typeof most === "number" && value > most
    ? `maxIdleConnectionsPercent ${String(value)} is above maxConnectionsPercent ${String(most)}`
    : undefined;
};

const noFilters: Limit = (value) => `${JSON.stringify(value)} is not allowed: sessionPinningFilters are for MYSQL only`;

/** How large the connection pool of a proxy is, and how long one waits for a connection of it. Each proxy has such a group; without it, it has RDS' defaults again. */
export const proxyDefaultTargetGroup: ResourceDefinition = {
  type: PROXY_TARGET_GROUP,
  replaceOn: ["dbProxyName"],
  limits: {
    "connectionPoolConfig.connectionBorrowTimeout": between(0, 3600),
    "connectionPoolConfig.maxConnectionsPercent": between(1, 100),
    "connectionPoolConfig.maxIdleConnectionsPercent": all(between(0, 100), notAboveMost),
    "connectionPoolConfig.sessionPinningFilters[]": noFilters,
  },
  references: [proxyReference],
  create: ({ cloud, inputs, region }) => ({
    id: text(inputs, "dbProxyName"),
    outputs: {
      arn: arn("rds", region, cloud.account, `target-group:${proxyId("prx-tg")}`),
      connectionPoolConfig: { ...poolConfig(inputs["connectionPoolConfig"] as Props | undefined) },
      name: DEFAULT_GROUP,
    },
  }),
  update: ({ inputs }) => ({ connectionPoolConfig: { ...poolConfig(inputs["connectionPoolConfig"] as Props | undefined) } }),
};
