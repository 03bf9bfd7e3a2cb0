import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { PostgresBackend } from "../../plane/postgres-backend.ts";
import { type PoolKey, PostgresPool } from "../../plane/postgres-pool.ts";
import { PostgresPooler } from "../../plane/postgres-pooler.ts";
import { fleetOf } from "./fleet.ts";
import { parametersOf } from "./parameters.ts";
import { ProxyAccess } from "./proxy-access.ts";
import { clusterOfProxy, poolConfigOf, PROXY, PROXY_PORT } from "./proxy-types.ts";
import { writerOf } from "./roles.ts";

/** Connections that PostgreSQL takes where no parameter says otherwise. */
const MAX_CONNECTIONS = 100;
const REMEMBERED_MS = 500;

/** A proxy's endpoint that answers. */
export interface ServedEndpoint {
  readonly pooler: PostgresPooler;
  readonly pool: PostgresPool;
}

const served = new WeakMap<Cloud, Proxies>();

/** The proxies of a cloud. */
export function proxiesOf(cloud: Cloud): Proxies {
  const proxies = served.get(cloud) ?? new Proxies(cloud);
  served.set(cloud, proxies);
  return proxies;
}

/** Runs a pooler for each endpoint of a proxy: its own, and those beside it. */
export class Proxies {
  private readonly cloud: Cloud;
  private readonly access: ProxyAccess;
  private readonly endpoints = new Map<string, ServedEndpoint>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.access = new ProxyAccess(cloud);
  }

  /** Lets a proxy, or an endpoint of one, answer. What it leads to and how its pool behaves is asked as it goes, so nothing has to be done when that changes. Idempotent. */
  async run(row: Resource): Promise<void> {
    const host = text(row.outputs, "endpoint");
    const port = await this.cloud.ports.of(portKey(row));
    const { certFile, keyFile } = await this.cloud.trust.issue([host]);
    const context = createSecureContext({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    const endpoint =
      this.endpoints.get(portKey(row)) ??
      this.serve(row, context, [`${host}:${String(PROXY_PORT)}`, `127.0.0.1:${String(port)}`]);
    this.endpoints.set(portKey(row), endpoint);
    await endpoint.pooler.listen(port);
    this.cloud.addresses.set(`${host}:${String(PROXY_PORT)}`, { host: "127.0.0.1", port });
  }

  /** The endpoint of a proxy, or one beside it, as it is served; undefined while it is not. */
  served(row: Resource): ServedEndpoint | undefined {
    return this.endpoints.get(portKey(row));
  }

  /** Closes an endpoint for good. */
  async close(row: Resource): Promise<void> {
    await this.endpoints.get(portKey(row))?.pooler.close();
    this.endpoints.delete(portKey(row));
    this.cloud.addresses.remove(`${text(row.outputs, "endpoint")}:${String(PROXY_PORT)}`);
    this.cloud.ports.forget(portKey(row));
  }

  /** Closes all, for the daemon's end. */
  async stop(): Promise<void> {
    for (const { pooler } of this.endpoints.values()) await pooler.close();
    this.endpoints.clear();
  }

  private serve(row: Resource, context: SecureContext, hosts: readonly string[]): ServedEndpoint {
    const { cloud } = this;
    const isReadOnly = row.inputs["targetRole"] === "READ_ONLY";
    /** The proxy as it is now: it may have been changed since. */
    const proxy = (): Resource => {
      const id = row.type === PROXY ? row.id : text(row.inputs, "dbProxyName");
      return cloud.world.get(PROXY, id, row.region) ?? row;
    };
    // A proxy asks this at every query; a change shows a moment later, as on AWS.
    const cluster = remembered(() => clusterOfProxy(cloud, proxy()));
    const config = remembered(() => poolConfigOf(cloud, proxy()));
    const most = remembered(() => this.mostConnections(cluster()));
    const share = (percent: number): number => Math.max(1, Math.floor((percent * most()) / 100));
    const pool = new PostgresPool({
      targets: () => this.targets(cluster(), isReadOnly),
      limit: () => share(config().maxConnectionsPercent),
      idleLimit: () => share(config().maxIdleConnectionsPercent),
      borrowTimeoutMs: () => config().connectionBorrowTimeout * 1000,
      open: (key, port) => this.open(proxy(), key, port),
      // Waits are measured on a clock that nobody moves.
      now: () => performance.now(),
    });
    const pooler = new PostgresPooler({
      gate: {
        requireTls: () => proxy().inputs["requireTls"] === true,
        tls: () => context,
        admit: (user) => this.access.admit(proxy(), user, hosts),
      },
      pool,
      idleClientMs: () => Number(proxy().inputs["idleClientTimeout"] ?? 1800) * 1000,
      now: () => performance.now(),
      onPin: (reason) => {
        cloud.putLog(
          `/aws/rds/proxy/${proxy().id}`,
          text(row.outputs, "endpoint"),
          `The client session was pinned to the database connection for the remainder of the session. The proxy can't reuse this connection until the session ends. Reason: ${reason}`,
        );
      },
    });
    return { pooler, pool };
  }

  private targets(cluster: Resource | undefined, isReadOnly: boolean): readonly number[] {
    if (cluster === undefined) return [];
    const { writer, readers } = fleetOf(this.cloud).endpointsOf(cluster);
    if (isReadOnly) return readers;
    return writer === undefined ? [] : [writer];
  }

  private mostConnections(cluster: Resource | undefined): number {
    if (cluster === undefined) return MAX_CONNECTIONS;
    const most = Number(parametersOf(this.cloud, cluster, writerOf(this.cloud, cluster))["max_connections"]);
    // A formula over the instance class has no meaning here, and the server takes its own default.
    return Number.isInteger(most) && most > 0 ? most : MAX_CONNECTIONS;
  }

  private open(proxy: Resource, { user, database, settings }: PoolKey, port: number): Promise<PostgresBackend> {
    const { initQuery } = poolConfigOf(this.cloud, proxy);
    return PostgresBackend.open({
      config: {
        host: "127.0.0.1",
        port,
        user,
        database,
        password: this.access.password(proxy, user),
        connectionTimeoutMillis: 10_000,
        ssl: { ca: readFileSync(this.cloud.trust.caFile(), "utf8") },
      },
      settings,
      ...(initQuery !== "" && { initQuery }),
    });
  }
}

/** What `work` gives, worked out anew once it is older than a moment. */
function remembered<T>(work: () => T): () => T {
  let known: { readonly value: T; readonly at: number } | undefined;
  return () => {
    if (known === undefined || performance.now() - known.at > REMEMBERED_MS) known = { value: work(), at: performance.now() };
    return known.value;
  };
}

function portKey(row: Resource): string {
  return `rds/${row.type === PROXY ? "proxy" : "proxy-endpoint"}/${row.region}/${row.id}`;
}
