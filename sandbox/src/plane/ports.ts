import { createServer } from "node:net";
import type { Space, World } from "../core/world.ts";

/** Loopback ports, chosen once for each key and remembered, so that URLs and connection strings stay the same from one start of the daemon to the next. */
export class Ports {
  private readonly remembered: Space<number>;
  /** What this daemon has handed out: such a port is held by a child of ours, so it is never probed again. */
  private readonly handedOut = new Map<string, Promise<number>>();

  constructor(world: World) {
    this.remembered = world.space<number>("ports");
  }

  /**
   * The port of `key`: the remembered one, or a new free one where none is remembered or somebody else has taken it.
   * Leftovers of a killed daemon must be swept first; they would count as somebody else.
   */
  of(key: string): Promise<number> {
    const known = this.handedOut.get(key);
    if (known !== undefined) return known;
    const chosen = this.choose(key);
    this.handedOut.set(key, chosen);
    chosen.catch(() => this.handedOut.delete(key));
    return chosen;
  }

  /** Gives the port back; an unknown key is fine. */
  forget(key: string): void {
    this.handedOut.delete(key);
    this.remembered.delete(key);
  }

  private async choose(key: string): Promise<number> {
    const before = this.remembered.get(key);
    if (before !== undefined && (await isFree(before))) return before;
    const taken = new Set(this.remembered.entries().map(([, port]) => port));
    let port = await freePort();
    // The system may offer a port that another, stopped resource remembers.
    while (taken.has(port)) port = await freePort();
    this.remembered.set(key, port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return listenOnce(0);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("the system gave no port"));
        else resolve(address.port);
      });
    });
  });
}
