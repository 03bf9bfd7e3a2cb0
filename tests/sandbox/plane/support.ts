import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { identify } from "../../../sandbox/src/plane/process-identity.ts";
import { testCloud, type TestCloud } from "../support/cloud.ts";

/** A cloud of its own whose clock is the real one, with an authority that real clients can trust. */
export async function liveCloud(changes: Partial<TestCloud> = {}): Promise<TestCloud> {
  const cloud = testCloud({ now: Date.now, ...changes });
  await cloud.trust.prepare();
  return cloud;
}

/** A folder that is gone after the test. */
export function scratch(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "sandbox-plane-"));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
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

/** Whether a process of that number runs. */
export function runs(pid: number | undefined): boolean {
  return pid !== undefined && identify(pid) !== undefined;
}
