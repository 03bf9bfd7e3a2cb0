import type { Cloud } from "../../core/cloud.ts";
import { fleetOf } from "./fleet.ts";
import { proxiesOf } from "./proxies.ts";
import { PROXY, PROXY_ENDPOINT } from "./proxy-types.ts";
import { isWriter } from "./roles.ts";
import { CLUSTER, membersOf } from "./types.ts";

/** What is to be told of databases and proxies as they are now, by resource id: who writes, how far readers are behind, how many clients share how many connections. */
export function databaseDetails(cloud: Cloud): Record<string, string> {
  const instances = cloud.world.all(CLUSTER).flatMap((cluster) =>
    membersOf(cloud, cluster).map((row) => {
      const lagMs = fleetOf(cloud).lagMs(row);
      const reader = lagMs === undefined ? "reader" : `reader, ${String(Math.round(lagMs))} ms behind`;
      return [row.id, isWriter(cloud, cluster, row) ? "writer" : reader] as const;
    }),
  );
  const proxies = [...cloud.world.all(PROXY), ...cloud.world.all(PROXY_ENDPOINT)].flatMap((row) => {
    const served = proxiesOf(cloud).served(row);
    if (served === undefined) return [];
    const role = row.inputs["targetRole"] === "READ_ONLY" ? "reads: " : "";
    return [
      [row.id, `${role}${counted(served.pooler.clients, "client")} on ${counted(served.pool.size, "connection")}`] as const,
    ];
  });
  return Object.fromEntries([...instances, ...proxies]);
}

function counted(count: number, one: string): string {
  return `${String(count)} ${count === 1 ? one : `${one}s`}`;
}
