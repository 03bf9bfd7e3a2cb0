import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Cloud } from "../../../sandbox/src/core/cloud.ts";
import { World } from "../../../sandbox/src/core/world.ts";
import { AddressBook } from "../../../sandbox/src/plane/address-book.ts";
import { CertificateAuthority } from "../../../sandbox/src/plane/certificate-authority.ts";
import { Ports } from "../../../sandbox/src/plane/ports.ts";
import { Supervisor } from "../../../sandbox/src/plane/supervisor.ts";

/** A cloud in a folder of its own, with real processes, and what it wrote. */
export interface TestCloud {
  readonly cloud: Cloud;
  readonly notes: string[];
  readonly logs: { group: string; stream: string; line: string }[];
  /** Ends every process and removes the folder. */
  readonly end: () => Promise<void>;
}

export async function testCloud(project = process.cwd()): Promise<TestCloud> {
  const home = mkdtempSync(join(tmpdir(), "sandbox-plane-"));
  mkdirSync(home, { recursive: true });
  const notes: string[] = [];
  const logs: TestCloud["logs"] = [];
  const world = new World(join(home, "world.sqlite"));
  const note = (message: string): void => void notes.push(message);
  const processes = new Supervisor({ home, note });
  const trust = new CertificateAuthority(home);
  await trust.prepare();
  const cloud: Cloud = {
    account: "123456789012",
    home,
    project,
    world,
    ports: new Ports(world),
    processes,
    addresses: new AddressBook(world),
    trust,
    apiUrl: () => "http://127.0.0.1:1",
    workloadCredentials: (roleArn) => ({ url: `http://127.0.0.1:1/credentials/${encodeURIComponent(roleArn)}`, token: "token" }),
    putLog: (group, stream, line) => void logs.push({ group, stream, line }),
    putMetric: () => undefined,
    now: Date.now,
    note,
  };
  const end = async (): Promise<void> => {
    await processes.stopAll();
    world.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { cloud, notes, logs, end };
}

/** Waits for something to become true; fails with `what` when it has not within the time. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  milliseconds = 10_000,
): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not happen in time: ${what}`);
    await delay(10);
  }
}
