import { open, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import lockfile from "proper-lockfile";

/** What is written last into an entry; an entry without it, or that does not match it, is not whole. */
interface Marker {
  readonly version: string;
  /** Bytes of the `pulumi` file. */
  readonly size: number;
  /** Where it came from, such as `npm` or `go`. */
  readonly source: string;
}

/** Puts `pulumi` (and what belongs beside it) into a fresh directory and says where it came from. Throws when it cannot. */
export type Fill = (directory: string) => Promise<string>;

/** `$XDG_CACHE_HOME/platform-sandbox/pulumi`, or the same under `~/.cache`. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), "pulumi");
}

/**
 * Where Node.js keeps what it made of our sources, so that no later run strips types and compiles them again; for `NODE_COMPILE_CACHE` of the
 * processes that are started, too. A value of that variable in `env` stays.
 */
export function compileCache(env: NodeJS.ProcessEnv = process.env): string {
  return env["NODE_COMPILE_CACHE"] ?? join(cacheFolder(env), "compiled");
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env["XDG_CACHE_HOME"] ?? "";
  return join(base === "" ? join(homedir(), ".cache") : base, "platform-sandbox");
}

/**
 * The Pulumi CLI kept between checkouts, one directory a version. An entry is made in a directory beside it and renamed when whole,
 * under a lock: two first runs at once make it once, and one that was cut off is never taken for a whole one.
 */
export class CliCache {
  readonly root: string;
  readonly version: string;

  constructor(root: string, version: string) {
    this.root = root;
    this.version = version;
  }

  /** Where the entry stands, or will stand. */
  get directory(): string {
    return join(this.root, this.version);
  }

  /** The path of the whole CLI, or undefined. */
  async find(): Promise<string | undefined> {
    const file = join(this.directory, "pulumi");
    try {
      const marker = JSON.parse(await readFile(join(this.directory, "complete.json"), "utf8")) as Partial<Marker>;
      const { size } = await stat(file);
      return marker.version === this.version && marker.size === size ? file : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * The path of the CLI, made by `fill` if it is not there. While another process makes it, waits for that one (`onWait` is called once)
   * and takes its result.
   */
  async findOrFill(fill: Fill, onWait: () => void = () => undefined): Promise<string> {
    await mkdir(this.root, { recursive: true });
    const unlock = await this.lock(onWait);
    try {
      return (await this.find()) ?? (await this.make(fill));
    } finally {
      await unlock();
    }
  }

  private async lock(onWait: () => void): Promise<() => Promise<void>> {
    // The holder touches the lock every 2 s; one that was killed is taken over after 10 s.
    const options = { lockfilePath: join(this.root, `${this.version}.lock`), stale: 10_000, update: 2_000 };
    for (let tries = 0; ; tries++) {
      try {
        return await lockfile.lock(this.root, options);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
        if (tries === 0) onWait();
        await pause(200);
      }
    }
  }

  private async make(fill: Fill): Promise<string> {
    const prefix = `.making-${this.version}-`;
    // We hold the lock, so anything of this name was left by a run that was cut off.
    for (const name of await readdir(this.root)) {
      if (name.startsWith(prefix)) await rm(join(this.root, name), { recursive: true, force: true });
    }
    const fresh = await mkdtemp(join(this.root, prefix));
    try {
      const source = await fill(fresh);
      await seal(fresh, { version: this.version, size: (await stat(join(fresh, "pulumi"))).size, source });
      await rm(this.directory, { recursive: true, force: true });
      await rename(fresh, this.directory);
      await syncPath(this.root);
      return join(this.directory, "pulumi");
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }
}

/** Forces the files to disk before the marker that vouches for them is written. */
async function seal(directory: string, marker: Marker): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isFile()) await syncPath(join(directory, entry.name));
  }
  const file = join(directory, "complete.json");
  await writeFile(file, `${JSON.stringify(marker)}\n`);
  await syncPath(file);
  await syncPath(directory);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
