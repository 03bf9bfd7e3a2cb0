import type { SandboxStatus } from "../../../../sandbox/src/control/shapes.ts";

export const TOKEN = "a-token-of-thirty-two-characters";

/** What the stand-in of the daemon says that it holds. */
export const STATUS: SandboxStatus = {
  phase: "ready",
  account: "123456789012",
  resources: [
    { type: "aws:ec2/vpc:Vpc", id: "vpc-0a1b2c3d", name: "platform-network", phase: "ready", region: "eu-central-1" },
    { type: "aws:s3/bucket:Bucket", id: "platform-1a2b3c4", name: "platform", phase: "creating", region: "eu-central-1" },
  ],
  processes: [
    {
      name: "app-i-0123456789abcdef0",
      pid: 4711,
      state: "ready",
      restarts: 1,
      memoryBytes: 5e7,
      startedAt: "2026-11-24T09:30:00.000Z",
    },
    { name: "postgres-main", pid: null, state: "waiting", restarts: 0, memoryBytes: 0, startedAt: null },
    {
      name: "postgres-reader",
      pid: 4712,
      state: "ready",
      restarts: 0,
      memoryBytes: 2.15e7,
      startedAt: "2026-11-24T09:30:00.000Z",
    },
  ],
  doors: [{ name: "eipalloc-0abc", url: "http://127.0.0.1:41080", target: "203.0.113.10" }],
  faults: [],
  unclaimed: [
    { type: "aws:s3/bucket:Bucket", id: "platform-1a2b3c4", name: "platform", phase: "creating", region: "eu-central-1" },
  ],
};

/** The logs of its processes; one of them has gone. */
export const LOGS: Readonly<Record<string, readonly string[]>> = {
  "app-i-0123456789abcdef0": ["one", "two", "three"],
  "app-i-0fedcba9876543210": ["what the old server said"],
};
