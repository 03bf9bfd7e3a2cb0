import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { proxiesOf } from "./proxies.ts";
import { PROXY, PROXY_ENDPOINT } from "./proxy-types.ts";

/** Waits are told apart to this many digits, so that a busy minute is some dozens of data points and not thousands. */
const DIGITS = 2;

/**
 * Publishes the minute that began at `minute` of every proxy: the metrics that RDS publishes in `AWS/RDS` by `ProxyName`, over all endpoints of the proxy
 * (RDS User Guide, "Monitoring RDS Proxy metrics with CloudWatch").
 */
export function publishProxies(cloud: Cloud, minute: number): void {
  for (const proxy of cloud.world.all(PROXY)) publish(cloud, proxy, minute);
}

function publish(cloud: Cloud, proxy: Resource, minute: number): void {
  const beside = cloud.world
    .all(PROXY_ENDPOINT)
    .filter((row) => row.region === proxy.region && row.inputs["dbProxyName"] === proxy.id);
  const served = [proxy, ...beside].flatMap((row) => proxiesOf(cloud).served(row) ?? []);
  const put = (name: string, value: number, unit: string, count = 1): void => {
    cloud.putMetric("AWS/RDS", name, { ProxyName: proxy.id }, value, { unit, count, at: minute, region: proxy.region });
  };
  const sum = (of: (endpoint: (typeof served)[number]) => number): number => served.reduce((all, each) => all + of(each), 0);
  const counts = served.map(({ pooler }) => pooler.takeCounts());
  put(
    "ClientConnections",
    sum(({ pooler }) => pooler.clients),
    "Count",
  );
  put(
    "DatabaseConnections",
    sum(({ pool }) => pool.size),
    "Count",
  );
  put(
    "DatabaseConnectionsCurrentlySessionPinned",
    sum(({ pooler }) => pooler.pinned),
    "Count",
  );
  put(
    "QueryRequests",
    counts.reduce((all, { queries }) => all + queries, 0),
    "Count",
  );
  put(
    "ClientConnectionsSetupSucceeded",
    counts.reduce((all, { logins }) => all + logins, 0),
    "Count",
  );
  const waits = Map.groupBy(
    counts.flatMap(({ borrowMs }) => borrowMs),
    (milliseconds) => Number((milliseconds * 1000).toPrecision(DIGITS)),
  );
  for (const [microseconds, each] of waits) put("DatabaseConnectionsBorrowLatency", microseconds, "Microseconds", each.length);
}
