import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../../sandbox/src/core/cloud.ts";
import type { Resource, ResourceDefinition } from "../../../sandbox/src/core/definition.ts";
import { type Asked, CloudEngine } from "../../../sandbox/src/core/engine.ts";
import { type Props, text } from "../../../sandbox/src/core/values.ts";
import { World } from "../../../sandbox/src/core/world.ts";
import { AddressBook } from "../../../sandbox/src/plane/address-book.ts";
import { CertificateAuthority } from "../../../sandbox/src/plane/certificate-authority.ts";
import { outsideHome } from "../../../sandbox/src/plane/postgres-binaries.ts";
import { Ports } from "../../../sandbox/src/plane/ports.ts";
import { Supervisor } from "../../../sandbox/src/plane/supervisor.ts";

/** The region of everything that {@link Stack} makes. */
export const REGION = "eu-central-1";
export const ACCOUNT = "123456789012";

/** One data point as it was published. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  /** How many data points it stands for. @default - one */
  readonly count?: number;
}

/** A cloud of its own in a scratch folder, with a clock that stands still, and what was told to it. */
export interface TestCloud extends Cloud {
  readonly notes: string[];
  readonly logs: { group: string; stream: string; line: string }[];
  readonly metrics: Metric[];
  /** Moves the clock, in milliseconds. It starts at 2026-03-01T12:00:00Z. */
  readonly pass: (milliseconds: number) => void;
  /** Ends every process and removes the folder. */
  readonly end: () => Promise<void>;
}

/**
 * Makes such a cloud; `changes` replace any part of it. Nothing runs and nothing listens until it is asked to. With the home of one whose world
 * has been closed it is what a daemon finds that is started again.
 */
export function testCloud(changes: Partial<TestCloud> = {}): TestCloud {
  const home = changes.home ?? mkdtempSync(join(tmpdir(), "sandbox-cloud-"));
  let clock = Date.parse("2026-03-01T12:00:00Z");
  const told = { notes: [] as string[], logs: [] as TestCloud["logs"], metrics: [] as Metric[] };
  const note = (message: string): void => void told.notes.push(message);
  const world = new World(join(home, "world.db"));
  const processes = new Supervisor({ home, note });
  const end = async (): Promise<void> => {
    await processes.stopAll();
    world.close();
    for (const folder of [home, outsideHome(home)]) rmSync(folder, { recursive: true, force: true });
  };
  return {
    ...told,
    account: ACCOUNT,
    home,
    project: process.cwd(),
    world,
    ports: new Ports(world),
    processes,
    addresses: new AddressBook(world),
    trust: new CertificateAuthority(home),
    apiUrl: () => "http://127.0.0.1:1",
    workloadCredentials: (roleArn) => ({ url: `http://127.0.0.1:1/credentials/${encodeURIComponent(roleArn)}`, token: "token" }),
    putLog: (group, stream, line) => void told.logs.push({ group, stream, line }),
    putMetric: (namespace, name, dimensions, value, { count } = {}) =>
      void told.metrics.push({ namespace, name, dimensions, value, ...(count !== undefined && { count }) }),
    now: () => clock,
    note,
    pass: (milliseconds) => void (clock += milliseconds),
    end,
    ...changes,
  };
}

/** Resources as a program makes them: checked, then created, in {@link REGION} or the region that they name, through the real engine. */
export class Stack {
  readonly engine: CloudEngine;

  constructor(cloud: Cloud, definitions: readonly ResourceDefinition[]) {
    this.engine = new CloudEngine(cloud, definitions, {});
  }

  /** What check says is wrong; empty when all is well. */
  faults(type: string, name: string, inputs: Props): string[] {
    return this.engine.check(asked(type, name, inputs)).faults.map(({ property, reason }) => `${property}: ${reason}`);
  }

  /** Rejects with every fault of the inputs, or with what the cloud refuses. */
  async create(type: string, name: string, inputs: Props): Promise<Resource> {
    const row = await this.engine.create(this.checked(type, name, inputs));
    return (await this.engine.read(type, row.id, row.region)) ?? row;
  }

  /** Changes the resource to these inputs (all of them, not only the changed ones). */
  update(row: Resource, name: string, inputs: Props): Promise<Resource> {
    return this.engine.update(this.checked(row.type, name, inputs, row.inputs), row.id);
  }

  delete(row: Resource): Promise<void> {
    return this.engine.delete(row.type, row.id, row.region);
  }

  private checked(type: string, name: string, inputs: Props, before?: Props): Asked {
    const ask = asked(type, name, inputs);
    const checked = this.engine.check(ask, before);
    if (checked.faults.length > 0)
      throw new Error(checked.faults.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return { ...ask, inputs: checked.inputs };
  }
}

function asked(type: string, name: string, inputs: Props): Asked {
  return { urn: `urn:pulumi:sandbox::platform::${type}::${name}`, region: text(inputs, "region") || REGION, inputs };
}
