import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { credentialSecrets } from "../api/credentials.ts";
import { startApi } from "../api/server.ts";
import { startConsole } from "../console/console.ts";
import { startControl } from "../control/control.ts";
import { FaultBoard } from "../control/faults.ts";
import type { DaemonInfo, SandboxStatus } from "../control/shapes.ts";
import { CloudEngine, nameOf } from "../core/engine.ts";
import type { Resource } from "../core/definition.ts";
import { serveProvider } from "../core/provider.ts";
import type { TypeSchema } from "../core/schema.ts";
import { closeCaches } from "../plane/cache/cache-groups.ts";
import { closeDoors } from "../plane/doors.ts";
import { startReaders } from "../services/appautoscaling/readers.ts";
import { startGroups } from "../services/autoscaling/fleet.ts";
import { closeEdges } from "../services/cloudfront/edges.ts";
import { interrupt } from "../services/autoscaling/spot.ts";
import { alarmStates } from "../services/cloudwatch/alarm-states.ts";
import { ec2ActionsDone } from "../services/cloudwatch/alarm-ec2-action.ts";
import { startAlarms } from "../services/cloudwatch/alarms.ts";
import { startBalancers } from "../services/elbv2/health-loop.ts";
import { definitions, functions } from "../services/index.ts";
import { closeDatabases, databaseDetails } from "../services/rds/index.ts";
import { startHealthChecks } from "../services/route53/health-checks.ts";
import { grantDomain } from "../services/route53/own-domain.ts";
import { sweepObjects } from "../services/s3/objects.ts";
import { secretValues } from "../services/secretsmanager/store.ts";
import { inbox } from "../services/sns/inbox.ts";
import { closeMessaging } from "../services/sqs/messaging.ts";
import { resumeMoves } from "../services/sqs/moves.ts";
import { sandboxVersion } from "../version.ts";
import { Events } from "./events.ts";
import { type LocalCloud, openCloud } from "./local-cloud.ts";
import { startMetrics } from "./metrics.ts";
import { beginOutage, endOutage } from "./outages.ts";
import { type PackageName, PACKAGES, readPackage } from "./packages.ts";

/** A daemon that answers. */
export interface RunningDaemon {
  readonly info: DaemonInfo;
  /** Ends every process and lets go of the home; what the sandbox holds stays on disk. */
  readonly stop: () => Promise<void>;
}

export interface DaemonOptions {
  /** The sandbox's own folder. */
  readonly home: string;
  /** The checkout whose `apps/` folders stand in for the image registry. */
  readonly project: string;
  /** Told once somebody has asked the daemon, over its control API, to stop. */
  readonly onStop: () => void;
  /** The longest time for which clients remember what a name answers, in seconds. @default - as long as the record says */
  readonly maxTtlSeconds?: number;
  /** A line for the daemon's own log. @default standard output */
  readonly log?: (line: string) => void;
}

/**
 * Starts the sandbox: opens its world, ends what a killed daemon left running, starts again what should run, and serves the AWS API, the
 * providers, the console and the control API on loopback. Resolves when all of them answer and `<home>/daemon.json` says where.
 */
export async function startDaemon({ log = console.log, onStop, ...options }: DaemonOptions): Promise<RunningDaemon> {
  const { home } = options;
  const startedAt = new Date().toISOString();
  // Before anything is loaded later: it must be that of the sources that run.
  const version = sandboxVersion();
  const events = new Events();
  mkdirSync(home, { recursive: true });
  const note = (message: string): void => {
    events.add(message);
    log(`${new Date().toISOString()} ${message}`);
  };
  const cloud = openCloud({ ...options, note });
  const closers: (() => Promise<void> | void)[] = [
    () => {
      cloud.world.close();
    },
    () => {
      closeMessaging(cloud);
    },
  ];
  let phase = "starting";
  const stop = async (): Promise<void> => {
    phase = "stopping";
    rmSync(join(home, "daemon.json"), { force: true });
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    cloud.processes.sweep();
    await cloud.trust.prepare();
    const packages = PACKAGES.map((name) => ({ name, ...readPackage(name) }));
    const schemas = Object.assign({}, ...packages.map(({ types }) => types)) as Record<string, TypeSchema>;
    const faults = new FaultBoard({
      kill: (name) => {
        cloud.processes.kill(name);
      },
      outages: {
        begin: (place) => beginOutage(cloud, place),
        end: (place) => void endOutage(cloud, place),
      },
      interrupt: (instance) => {
        interrupt(cloud, instance);
      },
      known: () => ({ types: definitions.map(({ type }) => type) }),
    });
    const engine = new CloudEngine(cloud, definitions, schemas, { functions, before: faults.before });
    // Closed last: programs that end may still have something to write.
    closers.push(() => closeDatabases(cloud));
    closers.push(() => cloud.processes.stopAll());
    closers.push(() => closeDoors(cloud));
    closers.push(() => closeCaches(cloud));
    closers.push(() => closeEdges(cloud));
    const api = await startApi(cloud, await cloud.ports.of("api"), { before: faults.beforeCall });
    closers.push(api.close);
    cloud.setApiUrl(api.url);
    closers.push(startBalancers(cloud).close);
    grantDomain(cloud);
    await engine.resume();
    await sweepObjects(cloud);
    resumeMoves(cloud);
    closers.push(() => ec2ActionsDone(cloud));
    const alarms = startAlarms(cloud);
    closers.push(alarms.close);
    const metrics = startMetrics(cloud);
    closers.push(metrics.close);
    closers.push(startHealthChecks(cloud).close);
    const providerPorts = {} as Record<PackageName, number>;
    for (const { name, version: packageVersion } of packages) {
      const provider = await serveProvider(engine, schemas, {
        port: await cloud.ports.of(`provider-${name}`),
        version: packageVersion,
        signIn: (allowed) => {
          cloud.accounts.signIn(allowed);
        },
      });
      closers.push(provider.close);
      providerPorts[name] = provider.port;
    }
    const web = await startConsole({
      token: rememberedToken(cloud, "console"),
      port: await cloud.ports.of("console"),
      sources: {
        snapshot: () => ({
          account: cloud.account,
          resources: cloud.world.all(),
          details: databaseDetails(cloud),
          processes: cloud.processes.list(),
          doors: doorsOf(cloud),
          alarms: alarmStates(cloud),
          events: events.after(0),
          faults: faults.list(),
          mail: inbox(cloud).map(({ message, ...mail }) => ({ ...mail, body: message })),
          secrets: [...secretValues(cloud), ...credentialSecrets(cloud)],
        }),
        tail: (name, lines) => cloud.processes.tail(name, lines) ?? [],
        kill: (name) => {
          cloud.processes.kill(name);
        },
        addFault: (fault) => faults.add(fault),
        removeFault: (id) => faults.remove(id),
        clearFaults: () => {
          faults.clear();
        },
      },
    });
    closers.push(web.close);
    const token = randomBytes(32).toString("base64url");
    const control = await startControl({
      token,
      status: () => ({ phase, ...statusOf(cloud), faults: faults.list() }),
      events: (after) => events.after(after).map(({ at, ...event }) => ({ ...event, at: new Date(at).toISOString() })),
      logs: (name, lines) => cloud.processes.tail(name, lines),
      faults,
      release: () => engine.release(),
      stop: onStop,
    });
    closers.push(control.close);
    // The last to start is the first to end: nothing of what ends with the daemon is to be replaced.
    closers.push(startGroups(cloud).close);
    closers.push(startReaders(cloud).close);
    const info: DaemonInfo = {
      pid: process.pid,
      startedAt,
      providerPorts,
      apiUrl: api.url,
      consoleUrl: web.url,
      controlUrl: control.url,
      token,
      version,
    };
    phase = "ready";
    announce(home, info);
    return { info, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Tells the commands how to reach the daemon; for the owner's eyes only. */
function announce(home: string, info: DaemonInfo): void {
  const partial = join(home, "daemon.json.part");
  writeFileSync(partial, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, join(home, "daemon.json"));
}

/** The key of the console stays the same, so that an open page works on when the daemon has been started again. */
function rememberedToken(cloud: LocalCloud, name: string): string {
  const tokens = cloud.world.space<string>("token");
  const token = tokens.get(name) ?? randomBytes(32).toString("base64url");
  tokens.set(name, token);
  return token;
}

function statusOf(cloud: LocalCloud): Omit<SandboxStatus, "phase" | "faults"> {
  const rowOf = ({ type, id, urn, phase, region }: Resource): SandboxStatus["resources"][number] => {
    return { type, id, name: nameOf(urn), phase, region };
  };
  // What the cloud itself made has no URN, and no stack ever learns of it.
  const asked = cloud.world.all().filter(({ urn }) => urn !== "");
  return {
    account: cloud.account,
    resources: asked.map(rowOf),
    unclaimed: asked.filter(({ phase }) => phase === "creating").map(rowOf),
    processes: cloud.processes.list().map(({ pid, startedAt, ...status }) => ({
      ...status,
      pid: pid ?? null,
      startedAt: startedAt === 0 ? null : new Date(startedAt).toISOString(),
    })),
    doors: doorsOf(cloud),
  };
}

function doorsOf(cloud: LocalCloud): { name: string; url: string; target: string }[] {
  return cloud.addresses.doors().map(([name, door]) => ({ name, ...door }));
}
