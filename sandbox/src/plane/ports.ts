import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { Space, World } from "../core/world.ts";

/**
 * Below the range from which systems draw the ports of outgoing connections (32768 and up on Linux, 49152 and up elsewhere): a connection of somebody's must not
 * take a port while the program behind it is being started again.
 */
const [LEAST, MOST] = [20_000, 32_767];

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
   * Leftovers of a killed daemon must be swept first; they would count as somebody else. Rejects if every port is taken.
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

  /** Gives back the ports of all keys that end so. */
  forgetAll(ending: string): void {
    for (const [key] of this.remembered.entries()) if (key.endsWith(ending)) this.forget(key);
  }

  private async choose(key: string): Promise<number> {
    const before = this.remembered.get(key);
    if (before !== undefined && (await isFree(before))) return before;
    const count = MOST - LEAST + 1;
    const start = randomInt(count);
    for (let step = 0; step < count; step++) {
      const port = LEAST + ((start + step) % count);
      // A stopped resource's port is free to the system, and not to us. Asked after the wait, in which another key may have got it.
      if ((await isFree(port)) && !this.isTaken(port)) {
        this.remembered.set(key, port);
        return port;
      }
    }
    throw new Error(`every port of 127.0.0.1 from ${String(LEAST)} to ${String(MOST)} is taken`);
  }

  private isTaken(port: number): boolean {
    return this.remembered.entries().some(([, taken]) => taken === port);
  }
}

/** Whether one can listen there now. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
