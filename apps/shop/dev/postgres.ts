import { type ChildProcess, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AS_ROOT, NOBODY, postgresPrograms, RUN_AS } from "./postgres-programs.ts";
import { spawnWatched } from "./watched.ts";

/** A PostgreSQL server of this machine, for development and tests: reachable on 127.0.0.1 only, by a name and a password. */
export interface Postgres {
  readonly port: number;
  /** The `postgres://` address of a database on it, with the administrator's name and password. */
  url(database: string): string;
  /** Starts it, again if need be, on the same port with the same data. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Stops it: `fast` in order; `kill` with SIGKILL, so that the next start recovers from the log. @default "fast" */
  stop(how?: "fast" | "kill"): Promise<void>;
}

/** How the server is set up. */
export interface PostgresOptions {
  /** Parameters of `postgresql.conf`, such as `{ fsync: "off" }`. @default - the server's own */
  readonly parameters?: Readonly<Record<string, string>>;
}

const ADMIN = "postgres";
const START_MS = 30_000;

/**
 * Prepares a server whose data are in `folder`, from the PostgreSQL that npm installed; does not start it. Data that are there are kept. When root runs this the
 * data belong to the account `nobody`, for whom the folder's parents must be open. The server ends when this process does.
 *
 * @throws Error where npm has no PostgreSQL for this machine
 */
export async function preparePostgres(folder: string, { parameters }: PostgresOptions = {}): Promise<Postgres> {
  const home = resolve(folder);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const programs = postgresPrograms(home);
  const data = join(home, "data");
  const passwordFile = join(home, "password");
  if (!existsSync(data)) initialise(programs, data, passwordFile);
  const password = readFileSync(passwordFile, "utf8");
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", ...parameters };
  const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  let server: ChildProcess | undefined;
  return {
    port,
    url: (database) => `postgres://${ADMIN}:${password}@127.0.0.1:${port}/${database}`,
    async start() {
      const deadline = performance.now() + START_MS;
      for (;;) {
        server = spawnWatched({
          command: join(programs, "postgres"),
          args,
          stopSignal: "INT",
          output: "pipe",
          cwd: home,
          ...RUN_AS,
        });
        try {
          await ready(server);
          return;
        } catch (error) {
          // Sessions of a killed server end a moment after it.
          const wait = error instanceof Error && error.message.includes("pre-existing shared memory block");
          if (!wait || performance.now() > deadline) throw error;
          await delay(20);
        }
      }
    },
    async stop(how = "fast") {
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      // SIGINT is PostgreSQL's fast shutdown.
      server.kill(how === "fast" ? "SIGINT" : "SIGKILL");
      await ended;
    },
  };
}

/** A port of 127.0.0.1 on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function initialise(programs: string, data: string, passwordFile: string): void {
  const partial = `${data}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(18).toString("hex"), { mode: 0o600 });
  if (AS_ROOT) for (const path of [partial, passwordFile]) chownSync(path, NOBODY, NOBODY);
  const access = ["-U", ADMIN, "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const args = ["-D", partial, ...access, "-E", "UTF8", "--locale=C", "--no-sync"];
  const { status, stderr } = spawnSync(join(programs, "initdb"), args, { ...RUN_AS, cwd: partial, encoding: "utf8" });
  if (status !== 0) throw new Error(`initdb failed:\n${stderr}`);
  // Only whole data have the name under which they are looked for.
  renameSync(partial, data);
}

async function ready(server: ChildProcess): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<undefined>();
  let said = "";
  server.stdout?.resume();
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
    // A replica says that they are read-only.
    if (/database system is ready to accept (read-only )?connections/.test(said)) done(undefined);
  });
  server.once("error", reject);
  server.once("exit", (code) => reject(new Error(`PostgreSQL ended with code ${code ?? "none"}:\n${said}`)));
  const timer = setTimeout(() => reject(new Error(`PostgreSQL was not ready within ${START_MS / 1000} s:\n${said}`)), START_MS);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}
