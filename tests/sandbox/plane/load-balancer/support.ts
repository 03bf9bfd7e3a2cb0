import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Action, Rule } from "../../../../sandbox/src/plane/load-balancer/actions.ts";
import type { Answered } from "../../../../sandbox/src/plane/load-balancer/answered.ts";
import type { HealthCheck } from "../../../../sandbox/src/plane/load-balancer/health.ts";
import { Listener, type ListenerPlan } from "../../../../sandbox/src/plane/load-balancer/listener.ts";
import type { Location } from "../../../../sandbox/src/plane/load-balancer/target.ts";
import { type GroupSettings, TargetGroup, type TargetHealth } from "../../../../sandbox/src/plane/load-balancer/target-group.ts";

/** Checks that take little and change their mind at the second time. */
export const CHECK: HealthCheck = {
  path: "/health",
  matcher: "200",
  intervalMs: 10_000,
  timeoutMs: 5000,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
};

/** A program of a target. It answers with its name, and its checks with the status that it is told. */
export interface Program {
  readonly name: string;
  readonly port: number;
  /** What its checks get. It starts with 200. */
  health: number;
  /** Requests that it got, checks left out. */
  readonly seen: { readonly url: string; readonly headers: IncomingHttpHeaders }[];
  readonly stop: () => Promise<void>;
}

/** What a client was told. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a client asks. */
export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

/** A load balancer's parts on this machine, with a clock that stands still. */
export class Balancing {
  clock = Date.parse("2026-03-01T12:00:00Z");
  readonly changes: string[] = [];
  readonly answered: Answered[] = [];
  private readonly programs: Program[] = [];
  private readonly groups: TargetGroup[] = [];
  private readonly listeners: Listener[] = [];

  /** Starts a program; `handle` may answer in its place. */
  async program(name: string, handle?: RequestListener): Promise<Program> {
    const seen: Program["seen"] = [];
    const listener = (asked: IncomingMessage, response: ServerResponse): void => {
      if (asked.url === CHECK.path) {
        response.writeHead(program.health).end();
        return;
      }
      seen.push({ url: asked.url ?? "", headers: asked.headers });
      if (handle === undefined) response.end(name);
      else handle(asked, response);
    };
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const program: Program = { name, port, health: 200, seen, stop: () => stop(server) };
    this.programs.push(program);
    return program;
  }

  /** A group in use, with these settings. */
  group(settings: Partial<GroupSettings> = {}, id = "web"): TargetGroup {
    const all = { check: CHECK, algorithm: "round_robin", slowStartMs: 0, drainMs: 30_000, ...settings } as const;
    const group = new TargetGroup(id, all, {
      now: () => this.clock,
      random: () => 0.99,
      changed: ({ id: of }, { id: target, state }) => void this.changes.push(`${of} ${target} ${state}`),
    });
    group.use(true);
    this.groups.push(group);
    return group;
  }

  /** Registers a program at port 80 of a server that has its name. */
  register(group: TargetGroup, program: Program, locate: () => Location = () => program.port): void {
    group.register({ id: program.name, port: 80, zone: "eu-central-1a", locate });
  }

  /** A group with these programs, all healthy. */
  async healthy(programs: readonly Program[], settings: Partial<GroupSettings> = {}, id = "web"): Promise<TargetGroup> {
    const group = this.group(settings, id);
    for (const program of programs) this.register(group, program);
    await group.check();
    return group;
  }

  /** Lets the interval between two checks pass, so many times, and looks each time. */
  async intervals(group: TargetGroup, count: number): Promise<void> {
    for (let time = 0; time < count; time++) {
      this.clock += CHECK.intervalMs;
      await group.check();
    }
  }

  /** Listens, and does this with every request. */
  async listen(otherwise: Action, changes: Partial<ListenerPlan> = {}, rules: readonly Rule[] = []): Promise<Listener> {
    const listener = await Listener.open(await this.freePort(), this.plan(otherwise, changes, rules));
    this.listeners.push(listener);
    return listener;
  }

  plan(otherwise: Action, changes: Partial<ListenerPlan> = {}, rules: readonly Rule[] = []): ListenerPlan {
    return {
      protocol: "HTTP",
      port: 80,
      rules,
      otherwise,
      headers: { forwardedFor: "append", clientPort: false, keepHost: false, dropInvalid: false },
      idleMs: 60_000,
      answerHeaders: (headers) => headers,
      localPort: () => undefined,
      now: () => this.clock,
      answered: (what) => void this.answered.push(what),
      ...changes,
    };
  }

  /** A port on which nobody listens. */
  async freePort(): Promise<number> {
    const program = await this.program("nobody");
    await program.stop();
    return program.port;
  }

  async end(): Promise<void> {
    for (const listener of this.listeners) await listener.close();
    for (const group of this.groups) group.close();
    for (const program of this.programs) await program.stop();
  }
}

/** Sends every request to one group. */
export function to(group: TargetGroup): Action {
  return { kind: "forward", groups: [{ group, weight: 1 }] };
}

/** States of all targets, by their servers. */
export function states(group: TargetGroup): Record<string, TargetHealth["state"]> {
  return Object.fromEntries(group.health().map(({ id, state }) => [id, state]));
}

/** Asks over a connection of its own, and gives the answer as it begins. */
export function begin(
  { port }: Listener,
  { method = "GET", path = "/", headers = {}, body }: Ask = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, resolve);
    asked.once("error", reject);
    asked.end(body);
  });
}

/** Asks over a connection of its own, and waits for the whole answer. */
export async function ask(listener: Listener, what: Ask = {}): Promise<Answer> {
  const response = await begin(listener, what);
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

/** The bodies of so many answers, one after the other. */
export async function bodies(listener: Listener, count: number, what: Ask = {}): Promise<string[]> {
  const all: string[] = [];
  for (let time = 0; time < count; time++) all.push((await ask(listener, what)).body);
  return all;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
