import { type RunningConsole, startConsole } from "../../../sandbox/src/console/console.ts";
import type { ConsoleSnapshot } from "../../../sandbox/src/console/sources.ts";
import { type Answer, ask, type Sent } from "./browse.ts";
import { NOON, PLANTED, sample } from "./sample.ts";

export const TOKEN = "the-token-of-a-console-in-a-test";

/** A console that listens, over a world that a test may change, and what its buttons did. */
export class ServedConsole {
  /** What the world is, each time that the console looks. */
  world: () => ConsoleSnapshot = sample;
  readonly done: unknown[] = [];
  /** The address that opens it. */
  readonly url: string;
  /** Its address without the key. */
  readonly base: string;
  readonly host: string;
  private readonly running: RunningConsole;

  private constructor(running: RunningConsole) {
    this.running = running;
    this.url = running.url;
    this.base = new URL(running.url).origin;
    this.host = new URL(running.url).host;
  }

  static async start(): Promise<ServedConsole> {
    const look: { served?: ServedConsole } = {};
    const does = (...what: readonly unknown[]): void => void look.served?.done.push(what);
    const running = await startConsole({
      token: TOKEN,
      refreshMilliseconds: 5,
      sources: {
        snapshot: () => look.served?.world() ?? sample(),
        tail: (name, lines) => (name === "postgres" ? ["first", `password=${PLANTED}`, "last"].slice(-lines) : []),
        kill: (name) => {
          if (name !== "postgres") throw new Error(`no process is called ${name}; there are: postgres`);
          does("kill", name);
        },
        addFault: (fault) => does("add", fault),
        removeFault: (id) => does("remove", id),
        clearFaults: () => does("clear"),
        now: () => NOON,
      },
    });
    look.served = new ServedConsole(running);
    return look.served;
  }

  /** What a browser holds once the console has been opened. */
  async cookie(): Promise<string> {
    const { headers } = await ask(this.base, this.url);
    return String(headers["set-cookie"]).split(";")[0] ?? "";
  }

  /** Asks with the key. */
  async open(path: string, sent: Sent = {}): Promise<Answer> {
    return ask(this.base, path, { ...sent, headers: { cookie: await this.cookie(), ...sent.headers } });
  }

  /** Sends a form as a page of that origin does. */
  press(path: string, form: Readonly<Record<string, string>> = {}, origin = this.base): Promise<Answer> {
    return this.open(path, {
      method: "POST",
      headers: { origin, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
  }

  close(): Promise<void> {
    return this.running.close();
  }
}
