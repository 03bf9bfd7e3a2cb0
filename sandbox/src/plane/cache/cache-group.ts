import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pRetry from "p-retry";
import type { Cloud } from "../../core/cloud.ts";
import type { ProcessSpec } from "../process-spec.ts";
import { CacheEndpoint, type EndpointTraffic } from "./endpoint.ts";
import { type CacheEngine, NEEDS_NATIVE } from "./engine.ts";
import { type Admin, ask, infoOf } from "./node-client.ts";

/** Who may use a cache, and for what. */
export interface CacheUser {
  readonly name: string;
  /** None for a user that needs no password. */
  readonly passwords: readonly string[];
  /** What Redis's access lists say of it, such as `on ~* +@all`. */
  readonly access: string;
}

/** A cache that is to run: one primary, and replicas of it. */
export interface CacheSpec {
  /** Unique on this sandbox; letters, digits, hyphens and dots. */
  readonly id: string;
  /** The nodes by name, the first one the primary to begin with. */
  readonly nodes: readonly string[];
  /** Where clients find the primary, and its replicas: `host:port` of the cloud. */
  readonly primaryName: string;
  readonly readerName: string;
  readonly tls: boolean;
  readonly users: readonly CacheUser[];
  /** Settings of the engine, such as `maxmemory-policy`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether a replica takes the place of a primary that is lost. */
  readonly failsOver: boolean;
}

/** A node as it is now. */
export interface NodeState {
  readonly name: string;
  readonly process: string;
  readonly isPrimary: boolean;
  /** What `INFO` says; undefined where the engine has no honest numbers, or the node does not answer. */
  readonly info: ReadonlyMap<string, string> | undefined;
}

const READY_MS = 15_000;
const ADMIN = "sandbox";
/** A port on which no server listens: whoever replicates from it has no primary yet. */
const NOWHERE = "1";

/** The processes of one cache, their roles, and its two endpoints. */
export class CacheGroup {
  private readonly cloud: Cloud;
  private readonly engine: CacheEngine;
  private readonly folder: string;
  private readonly secret = randomBytes(24).toString("hex");
  private readonly known = new Set<string>();
  private readonly ports = new Map<string, number>();
  private spec: CacheSpec;
  private primary: string;
  private endpoints: readonly CacheEndpoint[] = [];
  private secured: boolean | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(cloud: Cloud, engine: CacheEngine, spec: CacheSpec) {
    this.cloud = cloud;
    this.engine = engine;
    this.spec = spec;
    this.folder = join(cloud.home, "cache", spec.id);
    this.primary = spec.nodes[0] ?? "";
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Makes the processes and endpoints match; resolves when all nodes answer and replicas have what the primary has. */
  async run(spec: CacheSpec): Promise<void> {
    const gone = this.running.filter((node) => !spec.nodes.includes(node) && this.known.has(node));
    this.spec = spec;
    if (this.known.has(this.primary) && !spec.nodes.includes(this.primary)) await this.handOver(spec.nodes);
    for (const node of gone) await this.stopNode(node);
    for (const node of this.running) this.ports.set(node, await this.cloud.ports.of(this.portKey(node)));
    this.writeUsers();
    for (const node of this.running) {
      await this.cloud.processes.run(this.processOf(node));
      await this.takeOver(node);
    }
    await this.listen();
  }

  /** Ends the processes and endpoints, and forgets what belongs to them. */
  async remove(): Promise<void> {
    await this.close();
    for (const node of [...this.known]) await this.stopNode(node);
    for (const role of ["primary", "reader"]) this.cloud.ports.forget(`${this.spec.id}.${role}`);
    for (const name of [this.spec.primaryName, this.spec.readerName]) this.cloud.addresses.remove(name);
  }

  /** Makes one of these nodes the primary, as the present one is to go: the first that has all it holds. */
  private async handOver(staying: readonly string[]): Promise<void> {
    await Promise.any(
      staying.filter((node) => this.known.has(node)).map((node) => this.cloud.processes.run(this.processOf(node))),
    );
    await this.inTurn(() => this.promote(this.primary));
  }

  /** Takes no more connections. */
  async close(): Promise<void> {
    for (const endpoint of this.endpoints) await endpoint.close();
    this.endpoints = [];
  }

  /** Every node as it is now. */
  nodes(): Promise<NodeState[]> {
    return Promise.all(
      this.spec.nodes.map(async (name) => {
        const played = this.running.includes(name) ? name : this.primary;
        const info =
          this.engine.kind === "native" ? await infoOf(this.portOf(played), this.admin).catch(() => undefined) : undefined;
        return { name, process: this.processName(played), isPrimary: name === this.primary, info };
      }),
    );
  }

  /** The primary's connections and traffic, then its replicas'. */
  traffic(): (EndpointTraffic & { readonly connections: number })[] {
    return this.endpoints.map((endpoint) => ({ connections: endpoint.connections, ...endpoint.taken() }));
  }

  /** The nodes that are processes: the embedded engine has no replicas, and plays them all with one. */
  private get running(): readonly string[] {
    return this.engine.kind === "native" ? [...new Set([...this.spec.nodes, ...this.known])] : [this.spec.nodes[0] ?? ""];
  }

  private get admin(): Admin {
    if (this.engine.kind === "native") return { username: ADMIN, password: this.secret };
    const password = this.spec.users[0]?.passwords[0];
    return password === undefined ? {} : { password };
  }

  private async listen(): Promise<void> {
    const { primaryName, readerName, tls } = this.spec;
    if (this.endpoints.length > 0 && this.secured === tls) return;
    await this.close();
    this.secured = tls;
    const secured = tls ? await this.certificate() : undefined;
    const [primary, reader] = [
      await this.cloud.ports.of(`${this.spec.id}.primary`),
      await this.cloud.ports.of(`${this.spec.id}.reader`),
    ];
    const onUnreachable = (): void => {
      void this.inTurn(() => this.replaceIfLost());
    };
    const common = { tls: secured, onUnreachable };
    this.endpoints = [
      await CacheEndpoint.listen({ ...common, port: primary, targets: () => [this.portOf(this.primary)] }),
      await CacheEndpoint.listen({ ...common, port: reader, targets: () => this.readers() }),
    ];
    this.cloud.addresses.set(primaryName, { host: "127.0.0.1", port: primary });
    this.cloud.addresses.set(readerName, { host: "127.0.0.1", port: reader });
  }

  private async certificate(): Promise<{ cert: string; key: string }> {
    const names = [this.spec.primaryName, this.spec.readerName].map((name) => name.replace(/:\d+$/, ""));
    const { certFile, keyFile } = await this.cloud.trust.issue(names);
    return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
  }

  /** The replicas that answer, in turn; the primary where there is none. */
  private readers(): number[] {
    const replicas = this.spec.nodes
      .filter((node) => node !== this.primary && this.isReady(node))
      .map((node) => this.portOf(node));
    const first = this.nextReader++ % Math.max(1, replicas.length);
    return [...replicas.slice(first), ...replicas.slice(0, first), this.portOf(this.primary)];
  }
  private nextReader = 0;

  private processOf(node: string): ProcessSpec {
    const port = this.portOf(node);
    const args = this.engine.kind === "native" ? [this.writeConfig(node)] : [String(port), this.passwordFile];
    this.known.add(node);
    return {
      name: this.processName(node),
      command: this.engine.command,
      args: [...this.engine.args, ...args],
      env: {},
      cwd: this.folder,
      ready: { probe: () => this.inTurn(() => this.settle(node)) },
      readyTimeoutMs: READY_MS,
      restart: "always",
      stopSignal: "SIGTERM",
    };
  }

  /**
   * Gives a node that has started its role. Each starts as a replica of nobody: a primary that was killed comes back empty, and replicas that found it so would
   * throw away what they hold.
   */
  private async settle(node: string): Promise<boolean> {
    const port = this.portOf(node);
    if (this.engine.kind === "embedded") return (await ask(port, this.admin, (say) => say("PING"))) === "PONG";
    await ask(port, this.admin, (say) => say("PING"));
    const wasLost = this.settled.has(node);
    if (node === this.primary && wasLost && this.spec.failsOver) await this.promote(node);
    if (node === this.primary) await ask(port, this.admin, (say) => say("REPLICAOF", "NO", "ONE"));
    else {
      await this.follow(node);
      if ((await infoOf(port, this.admin)).get("master_link_status") !== "up") return false;
    }
    this.settled.add(node);
    return true;
  }
  private readonly settled = new Set<string>();

  /** Puts the replica that has most in the place of a primary that is lost; does nothing where there is none. */
  private async promote(lost: string): Promise<void> {
    const candidates = await Promise.all(
      this.running
        .filter((node) => node !== lost && this.spec.nodes.includes(node) && this.isReady(node))
        .map(async (node) => ({ node, offset: await this.offsetOf(node) })),
    );
    const [best] = candidates.filter(({ offset }) => offset > 0).sort((a, b) => b.offset - a.offset);
    if (best === undefined) return;
    await ask(this.portOf(best.node), this.admin, (say) => say("REPLICAOF", "NO", "ONE"));
    this.primary = best.node;
    for (const { node } of candidates) if (node !== best.node) await this.follow(node);
    for (const endpoint of this.endpoints) endpoint.cut();
    this.cloud.note(`The primary of the cache ${this.spec.id} is ${best.node} now, in place of ${lost}.`);
  }

  private async replaceIfLost(): Promise<void> {
    if (this.engine.kind === "native" && this.spec.failsOver && !this.isReady(this.primary)) await this.promote(this.primary);
  }

  private async offsetOf(node: string): Promise<number> {
    const info = await infoOf(this.portOf(node), this.admin).catch(() => undefined);
    return info?.get("master_sync_in_progress") === "1" ? 0 : Number(info?.get("slave_repl_offset") ?? 0);
  }

  private async follow(node: string): Promise<void> {
    const words = ["REPLICAOF", "127.0.0.1", String(this.portOf(this.primary))];
    await ask(this.portOf(node), this.admin, (say) => say(...words));
  }

  /** Lets a node that runs already take over settings and users. The embedded one hears of a new password by a signal, which takes its time. */
  private async takeOver(node: string): Promise<void> {
    const heard = (): Promise<unknown> => ask(this.portOf(node), this.admin, (say) => say("PING"));
    await pRetry(heard, { retries: 40, minTimeout: 50, factor: 1 });
    await ask(this.portOf(node), this.admin, async (say) => {
      if (this.engine.kind === "native") await say("ACL", "LOAD");
      for (const [name, value] of Object.entries(this.spec.settings)) {
        await say("CONFIG", "SET", name, value).catch((error: unknown) => {
          // What it does not know changes nothing it could do.
          if (this.engine.kind === "native") throw error;
        });
      }
    });
  }

  private writeConfig(node: string): string {
    const file = join(this.folder, `${node}.conf`);
    const lines = [
      "bind 127.0.0.1",
      `port ${String(this.portOf(node))}`,
      "protected-mode no",
      'save ""',
      "appendonly no",
      "daemonize no",
      `dir ${this.folder}`,
      `dbfilename ${node}.rdb`,
      "repl-diskless-sync-delay 0",
      `aclfile ${this.aclFile}`,
      `masteruser ${ADMIN}`,
      `masterauth ${this.secret}`,
      `replicaof 127.0.0.1 ${NOWHERE}`,
      ...Object.entries(this.spec.settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
    ];
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
    return file;
  }

  private writeUsers(): void {
    if (this.engine.kind === "embedded") {
      const [password = ""] = this.spec.users[0]?.passwords ?? [];
      writeFileSync(this.passwordFile, password, { mode: 0o600 });
      const pid = this.cloud.processes.list().find(({ name }) => name === this.processName(this.running[0] ?? ""))?.pid;
      if (pid !== undefined) process.kill(pid, "SIGHUP");
      return;
    }
    const line = ({ access, name, passwords }: CacheUser): string => {
      const secrets = passwords.map((password) => `#${createHash("sha256").update(password).digest("hex")}`);
      return ["user", name, ...(passwords.length === 0 ? ["nopass"] : secrets), access].join(" ");
    };
    const admin = line({ name: ADMIN, passwords: [this.secret], access: "on ~* &* +@all" });
    writeFileSync(this.aclFile, `${[admin, ...this.spec.users.map(line)].join("\n")}\n`, { mode: 0o600 });
  }

  private async stopNode(node: string): Promise<void> {
    await this.cloud.processes.stop(this.processName(node));
    this.cloud.ports.forget(this.portKey(node));
    for (const set of [this.known, this.settled]) set.delete(node);
    this.ports.delete(node);
  }

  /** One thing at a time: roles must not change while they are given out. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }

  private isReady(node: string): boolean {
    return this.cloud.processes.stateOf(this.processName(node)) === "ready";
  }

  private portOf(node: string): number {
    return this.ports.get(node) ?? 0;
  }

  private portKey(node: string): string {
    return `${this.spec.id}.${node}`;
  }

  private processName(node: string): string {
    return `cache-${this.spec.id}-${node}`;
  }

  private get aclFile(): string {
    return join(this.folder, "users.acl");
  }

  private get passwordFile(): string {
    return join(this.folder, "password");
  }
}

/** What the embedded engine cannot do of what a cache asks for, in words for people; empty for a native one. */
export function shortcomings(engine: CacheEngine, spec: CacheSpec): string[] {
  if (engine.kind === "native") return [];
  return [
    ...(spec.nodes.length > 1
      ? [`its ${String(spec.nodes.length)} nodes are one server: there are no replicas, and a killed primary comes back empty`]
      : []),
    ...(spec.settings["maxmemory"] === undefined ? [] : ["nothing is evicted"]),
    ...(spec.users.some(({ passwords }) => passwords.length > 1) ? ["only the newest password is good"] : []),
  ].map((what) => `${what} (${NEEDS_NATIVE})`);
}
