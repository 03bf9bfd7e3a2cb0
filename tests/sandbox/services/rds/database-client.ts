import { readFileSync } from "node:fs";
import pg from "pg";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { secretValue } from "../../../../sandbox/src/services/secretsmanager/managed.ts";
import type { RdsFixture } from "./support.ts";

type Row = Record<string, unknown>;

/** A program beside a cluster of a {@link RdsFixture}: it knows the cluster's endpoints and its secret. */
export class DatabaseClient {
  readonly #rds: RdsFixture;
  readonly #cluster: Resource;

  constructor(rds: RdsFixture, cluster: Resource) {
    this.#rds = rds;
    this.#cluster = cluster;
  }

  /** The password that RDS keeps for the master now. */
  async password(): Promise<string> {
    const [secret] = (await this.#rds.now(this.#cluster))["masterUserSecrets"] as { secretArn: string }[];
    return (JSON.parse(secretValue(this.#rds.cloud, secret?.secretArn ?? "")) as { password: string }).password;
  }

  /** Connects over TLS, with the name that it dials checked. */
  async connect(host = text(this.#cluster.outputs, "endpoint"), changes: pg.ClientConfig = {}): Promise<pg.Client> {
    const local = this.#rds.cloud.addresses.resolve(`${host}:5432`);
    if (local === undefined) throw new Error(`nothing serves ${host}:5432`);
    const client = new pg.Client({
      ...local,
      user: "platform",
      password: await this.password(),
      database: "shop",
      ssl: { ca: readFileSync(this.#rds.cloud.trust.caFile(), "utf8"), servername: host },
      ...changes,
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** Runs SQL on a connection of its own. */
  async query(sql: string, host?: string, changes?: pg.ClientConfig): Promise<Row[]> {
    const client = await this.connect(host, changes);
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }
}

/** Writers of numbered rows, who try again until each has been acknowledged. */
export class Writers {
  /** Rows that have been acknowledged. */
  readonly acknowledged = new Set<number>();
  readonly #client: DatabaseClient;
  readonly #host: string | undefined;
  #next = 0;
  #stopped = false;

  constructor(client: DatabaseClient, host?: string) {
    this.#client = client;
    this.#host = host;
  }

  /** So many write, each with a connection of its own, while `work` is done. The table must be there: `CREATE TABLE written (id int PRIMARY KEY)`. */
  async during(count: number, work: () => Promise<void>): Promise<void> {
    const working = Array.from({ length: count }, () => this.#write());
    try {
      await work();
    } finally {
      this.#stopped = true;
      await Promise.all(working);
    }
  }

  /** Of the rows that were acknowledged, those that are not there. */
  async lost(): Promise<number[]> {
    const kept = new Set((await this.#client.query("SELECT id FROM written")).map(({ id }) => id));
    return [...this.acknowledged].filter((id) => !kept.has(id));
  }

  async #write(): Promise<void> {
    let client: pg.Client | undefined;
    for (let id = this.#next++; !this.#stopped;) {
      try {
        client ??= await this.#client.connect(this.#host);
        // Tried again, it may have been written the first time already.
        await client.query("INSERT INTO written VALUES ($1) ON CONFLICT DO NOTHING", [id]);
        this.acknowledged.add(id);
        id = this.#next++;
      } catch {
        await client?.end().catch(() => undefined);
        client = undefined;
      }
    }
    await client?.end();
  }
}
