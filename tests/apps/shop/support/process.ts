import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { APP_SECRET } from "./shop.ts";

/** The product's folder, which is where its image runs it. */
export const SHOP = fileURLToPath(new URL("../../../../apps/shop/", import.meta.url));

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The product as its image runs it: a process of its own, with nothing in its environment but what a test gives it. */
export class ShopProcess {
  /** How it ended, once it has. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";
  #changed = Promise.withResolvers<undefined>();

  constructor(environment: Readonly<Record<string, string>>, args: readonly string[] = []) {
    this.#child = spawn(process.execPath, ["src/main.ts", ...args], {
      cwd: SHOP,
      env: { NODE_COMPILE_CACHE: join(SHOP, ".cache"), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#wake();
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#stderr += text));
    this.ended = once(this.#child, "close").then(([code, signal]) => {
      this.#wake();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout: this.#stdout, stderr: this.#stderr };
    });
  }

  /** The shop on this database, on a free port of 127.0.0.1, or one of its commands. */
  static on(databaseUrl: string, environment: Readonly<Record<string, string>> = {}, args: readonly string[] = []): ShopProcess {
    return new ShopProcess({ PORT: "0", HOST: "127.0.0.1", DATABASE_URL: databaseUrl, APP_SECRET, ...environment }, args);
  }

  /** The log lines so far. */
  lines(): Record<string, unknown>[] {
    return this.#stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Waits for the log line of an event. @throws Error when the process ends without it */
  async line(event: string): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines().find((line) => line["event"] === event);
      if (found !== undefined) return found;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`the shop ended before it said "${event}":\n${this.#stdout}${this.#stderr}`);
      await this.#changed.promise;
    }
  }

  /** Its address, once it listens. */
  async url(): Promise<string> {
    return `http://127.0.0.1:${String((await this.line("listening"))["port"])}`;
  }

  /** Its address, once it is ready. */
  async ready(): Promise<string> {
    await this.line("ready");
    return this.url();
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
    this.signal(signal);
    return this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #wake(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers<undefined>();
    resolve(undefined);
  }
}
