import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Cloud } from "../core/cloud.ts";
import { parseUserData, type Unit } from "./cloud-init.ts";
import { UserDataError } from "./cloud-init-error.ts";
import type { DoorTarget } from "./door.ts";
import { ImageError, isProxyImage, type LocalImage, localImage } from "./images.ts";
import { type ProxyPlan, proxyPlan } from "./workload-proxy.ts";
import { runWorkload, workloadName } from "./workload.ts";

/** A virtual server, as the plane needs to know it. */
export interface Server {
  readonly id: string;
  readonly region: string;
  /** The role of its instance profile. @default - no credentials */
  readonly roleArn?: string;
  /** As given to the launch: plain or Base64. */
  readonly userData: string;
}

interface AppPlan {
  readonly unit: Unit;
  readonly image: LocalImage;
  /** The port of the server on which it listens; undefined if it does not. */
  readonly listensOn: number | undefined;
  /** Whether only the server itself reaches it there. */
  readonly isPrivate: boolean;
}

/** What a server is going to run. */
export interface ServerPlan {
  readonly apps: readonly AppPlan[];
  /** The way in from outside. @default - none */
  readonly proxy?: ProxyPlan;
}

/** Ports of a public address behind which its door stands. */
const PUBLIC_PORTS = [80, 443];
/** Where programs listen that only the server itself reaches. */
const LOOPBACK = ["127.0.0.1", "localhost", "::1"];
const ADDRESS_POLL_MS = 25;
/** What programs get for their start even where the wait for an address has taken all the patience. */
const LEAST_START_MS = 2000;

/** Reads user data into what a server runs. Throws a {@link UserDataError} with everything that can't be played, images included. */
export function planServer(project: string, userData: string): ServerPlan {
  const units = parseUserData(userData);
  const faults: string[] = [];
  const apps = units.filter(({ image }) => !isProxyImage(image)).flatMap((unit) => appPlan(project, unit, faults));
  const allPlanned = faults.length === 0;
  const proxies = units
    .filter(({ image }) => isProxyImage(image))
    .flatMap((unit) => {
      const plan = proxyPlan(unit);
      if (typeof plan !== "string") return [plan];
      faults.push(plan);
      return [];
    });
  if (proxies.length > 1) faults.push("several units run caddy; the sandbox plays one way in");
  for (const { to } of proxies) {
    if (allPlanned && !apps.some(({ listensOn }) => listensOn === to))
      faults.push(`caddy forwards to port ${to}, but no unit on the server's network has PORT=${to}`);
  }
  const twice = apps.find(
    ({ listensOn }, index) => listensOn !== undefined && apps.slice(0, index).some((other) => other.listensOn === listensOn),
  );
  if (twice !== undefined) faults.push(`two units listen on port ${twice.listensOn ?? 0}`);
  if (faults.length > 0) throw new UserDataError(faults);
  return { apps, ...(proxies[0] && { proxy: proxies[0] }) };
}

function appPlan(project: string, unit: Unit, faults: string[]): AppPlan[] {
  try {
    const image = localImage(project, unit.image, unit.command);
    const port = unit.environment["PORT"] ?? image.environment["PORT"];
    if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
      faults.push(`the unit "${unit.name}" has PORT=${port}; expected a port from 1 to 65535`);
      return [];
    }
    const listensOn = unit.hostNetwork && port !== undefined ? Number(port) : undefined;
    const host = unit.environment["HOST"] ?? image.environment["HOST"] ?? "";
    return [{ unit, image, listensOn, isPrivate: LOOPBACK.includes(host) }];
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    faults.push(error.message);
    return [];
  }
}

/**
 * Makes the server's programs run and resolves when all of them take connections. Idempotent. Rejects when one does not within `patienceMs`, with
 * the last lines that it wrote; it is tried on and on all the same.
 */
export async function runServer(cloud: Cloud, server: Server, patienceMs: number): Promise<void> {
  const plan = planServer(cloud.project, server.userData);
  const startedAt = performance.now();
  await addressesKnown(cloud, plan, patienceMs);
  const serverPorts = new Map<number, number>();
  for (const { unit, listensOn } of plan.apps) {
    if (listensOn !== undefined) serverPorts.set(listensOn, await cloud.ports.of(workloadName(server.id, unit.name)));
  }
  const { id: owner, region, roleArn } = server;
  const launch = {
    owner,
    region,
    serverPorts,
    homeFolder: homeFolder(cloud, server.id),
    ...(roleArn !== undefined && { roleArn }),
  };
  const left = Math.max(LEAST_START_MS, patienceMs - (performance.now() - startedAt));
  const starts = plan.apps.map(async ({ unit, image, listensOn }) => {
    const port = await cloud.ports.of(workloadName(server.id, unit.name));
    await runWorkload(cloud, { ...launch, unit, image, port, listens: listensOn !== undefined }, left);
  });
  const failures = (await Promise.allSettled(starts))
    .filter((result) => result.status === "rejected")
    .map(({ reason }): unknown => reason);
  if (failures.length > 0)
    throw new AggregateError(failures, failures.map((each) => (each instanceof Error ? each.message : String(each))).join("\n"));
}

/**
 * Waits until every endpoint of the cloud in the environments is served here: a program started earlier would dial the real one, and be none the wiser later.
 * Other resources may come up at the same time as the server.
 */
async function addressesKnown(cloud: Cloud, { apps }: ServerPlan, patienceMs: number): Promise<void> {
  const texts = apps.flatMap(({ unit }) => Object.values(unit.environment));
  const endpoints = texts.flatMap((text) => text.match(/[a-z0-9.-]+\.amazonaws\.com(\.cn)?:\d{1,5}/gi) ?? []);
  const unknown = (): string[] => endpoints.filter((endpoint) => cloud.addresses.resolve(endpoint) === undefined);
  const deadline = performance.now() + patienceMs;
  while (unknown().length > 0 && performance.now() < deadline) await delay(ADDRESS_POLL_MS);
  for (const endpoint of new Set(unknown()))
    cloud.note(`${endpoint} is in a server's environment, and nothing in the sandbox serves it`);
}

/** Ends the server's programs (with this signal, or with their own) and keeps what is theirs, so that {@link runServer} starts them as they were; idempotent. Gives their names. */
export async function stopServer(cloud: Cloud, { id }: Pick<Server, "id">, signal?: NodeJS.Signals): Promise<string[]> {
  const own = cloud.processes.list().flatMap(({ name }) => (name.endsWith(workloadName(id, "")) ? [name] : []));
  for (const name of own) await cloud.processes.stop(name, signal);
  return own;
}

/** Ends the server's programs and forgets what was kept for them; idempotent. */
export async function haltServer(cloud: Cloud, { id }: Pick<Server, "id">): Promise<void> {
  await stopServer(cloud, { id });
  // All that is remembered: a daemon that died may have left ports of programs that do not run any more.
  cloud.ports.forgetAll(workloadName(id, ""));
  rmSync(homeFolder(cloud, id), { recursive: true, force: true });
}

/** Where the public ports of a server lead, or why nowhere; and the name under which people come, if there is one. */
export async function wayIn(
  cloud: Cloud,
  server: Server,
): Promise<{ readonly target: DoorTarget | string; readonly domain?: string }> {
  const plan = planServer(cloud.project, server.userData);
  const behind = PUBLIC_PORTS.map((port) => appBehind(plan, port)).find((app) => app !== undefined);
  if (behind === undefined) return { target: `Nothing on the server ${server.id} listens on port 80 or 443.` };
  const port = await cloud.ports.of(workloadName(server.id, behind.unit.name));
  const target = {
    port,
    what: `The program "${behind.unit.name}" on the server ${server.id}`,
    log: workloadName(server.id, behind.unit.name),
  };
  return { target, ...(plan.proxy?.domain !== undefined && { domain: plan.proxy.domain }) };
}

/**
 * The local port at which another machine reaches a port of the server; a string says why it reaches nothing there. Rejects with a {@link UserDataError} where the
 * server can't be played any more.
 */
export async function reach(cloud: Cloud, server: Server, port: number): Promise<number | string> {
  const plan = planServer(cloud.project, server.userData);
  const app = appBehind(plan, port);
  if (app === undefined) return `nothing on the server ${server.id} listens on port ${port}`;
  const isProxied = app.listensOn !== port;
  if (app.isPrivate && !isProxied)
    return `the program "${app.unit.name}" on the server ${server.id} listens on port ${port} for the server alone; give it HOST=0.0.0.0`;
  return cloud.ports.of(workloadName(server.id, app.unit.name));
}

/** The program that answers at a port of the server: by itself, or through the proxy, which has the public ports. */
function appBehind({ apps, proxy }: ServerPlan, port: number): AppPlan | undefined {
  const to = proxy !== undefined && PUBLIC_PORTS.includes(port) ? proxy.to : port;
  return apps.find(({ listensOn }) => listensOn === to);
}

/** What the server's programs keep is below this folder: it stands for the server's disk. */
export function homeFolder(cloud: Pick<Cloud, "home">, id: string): string {
  return join(cloud.home, "servers", id);
}
