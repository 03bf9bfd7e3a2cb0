import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort } from "../apps/shop/dev/postgres.ts";
import { root } from "../tests/runner/groups.ts";

/** In the log line with which all servers say that they can be asked. */
const READY = '"event":"ready"';

/** A server in a process of its own. */
export interface Server {
  readonly url: string;
  /** From its start to the line that says that it is ready, in milliseconds, as seen from outside. */
  readonly readyMs: number;
  /** Ends it; resolves when it is gone. */
  end(): Promise<void>;
}

/** The program of the product. */
export const SHOP = join(root, "apps/shop/src/main.ts");
/** What it is compared with. */
export const BARE = join(root, "bench/bare-server.ts");

/** Starts a server and waits for its line that says it is ready. @throws Error with its output when it ends before */
export async function serve(file: string, environment: Readonly<Record<string, string>>): Promise<Server> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [file], {
    cwd: join(root, "apps/shop"),
    env: {
      ...process.env,
      // As in the image.
      NODE_COMPILE_CACHE: join(root, "apps/shop/.cache"),
      NODE_ENV: "production",
      ...environment,
      PORT: String(port),
      HOST: "127.0.0.1",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (output.includes(READY)) return;
      output += text;
      if (output.includes(READY)) resolve();
    });
    child.once("exit", () => {
      reject(new Error(`${file} ended before it was ready:\n${output}`));
    });
  });
  const readyMs = performance.now() - started;
  return { url: `http://127.0.0.1:${String(port)}`, readyMs, end: () => ended(child) };
}

/** What a server's process takes of the machine's memory now, in megabytes of 10^6 bytes. */
export async function residentMb({ url }: Server): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error(`${url} does not say how much memory it takes`);
  return Number(bytes) / 1e6;
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  // False where it has ended already, and nothing more is to come.
  if (child.kill("SIGTERM")) await gone;
}
