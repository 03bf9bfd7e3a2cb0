import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Postgres, preparePostgres } from "../../../../apps/shop/dev/postgres.ts";
import { baseBackup } from "../../../../sandbox/src/plane/base-backup.ts";
import { folders, QUICK, query } from "./postgres.ts";

/** `nobody`, who runs PostgreSQL where root runs the tests. */
const NOBODY = 65_534;

/** A streaming replica of a server, on a port of its own. It is started; stop it when done. */
export async function replicaOf(primary: Postgres): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), "shop-replica-"));
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  const { username, password, port } = new URL(primary.url("postgres"));
  const archive = join(folder, "base.tar");
  await baseBackup({ host: "127.0.0.1", port: Number(port), user: username, password }, archive);
  mkdirSync(data, { mode: 0o700 });
  const { status, stderr } = spawnSync("tar", ["-xf", archive, "-C", data], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the base backup cannot be unpacked: ${stderr}`);
  rmSync(archive);
  writeFileSync(join(data, "standby.signal"), "");
  const source = `host=127.0.0.1 port=${port} user=${username} password=${password} application_name=replica`;
  appendFileSync(join(data, "postgresql.auto.conf"), `primary_conninfo = '${source}'\n`);
  writeFileSync(join(folder, "password"), password, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    for (const path of readdirSync(data, { recursive: true, encoding: "utf8" })) lchownSync(join(data, path), NOBODY, NOBODY);
    for (const path of [data, join(folder, "password")]) lchownSync(path, NOBODY, NOBODY);
  }
  // How long it takes to look for its writer again must not decide how long a test takes.
  const replica = await preparePostgres(folder, { parameters: { ...QUICK, wal_retrieve_retry_interval: "50ms" } });
  folders.push(folder);
  await replica.start();
  return replica;
}

/** Resolves when the replica has everything that the primary has written so far. */
export async function caughtUp(primary: Postgres, replica: Postgres): Promise<void> {
  const [row] = await query(primary.url("postgres"), "SELECT pg_current_wal_lsn()::text AS position");
  for (;;) {
    const text = "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS reached";
    const [at] = await query(replica.url("postgres"), text, [row?.["position"]]);
    if (at?.["reached"] === true) return;
  }
}

/** An endpoint's name: connections to it lead to one server now, and to another one after a failover. */
export class Endpoint {
  readonly #server: Server = createServer((client) => this.#join(client));
  readonly #sockets = new Set<Socket>();
  #to: Postgres;

  constructor(to: Postgres) {
    this.#to = to;
  }

  /** Opens it and gives the address of a database behind it. */
  async open(database: string): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const url = new URL(this.#to.url(database));
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** From now on new connections lead there. Those that are open stay where they are. */
  lead(to: Postgres): void {
    this.#to = to;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(client: Socket): void {
    const server = connect(this.#to.port, "127.0.0.1");
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    }
    client.on("close", () => server.destroy()).pipe(server);
    server.on("close", () => client.destroy()).pipe(client);
  }
}
