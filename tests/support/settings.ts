import type { Settings } from "../../stacks/contract.ts";

/** Settings of the smallest sensible stack, with what the test wants changed. */
export function settings(changes: Partial<Settings> = {}): Settings {
  return {
    stage: "monolith",
    name: "platform",
    region: "eu-central-1",
    accountId: "123456789012",
    zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
    cidr: "10.0.0.0/16",
    image: "ghcr.io/example/shop:0.1.0",
    amiId: "ami-0123456789abcdef0",
    instanceType: "t4g.small",
    diskGib: 20,
    requestsPerAddress: 2000,
    serversMin: 2,
    serversMax: 6,
    workersMin: 2,
    workersMax: 6,
    nat: "per-zone",
    cacheNodeType: "cache.t4g.small",
    databaseReaders: 2,
    databaseVersion: "17.5",
    databaseMinAcu: 0.5,
    databaseMaxAcu: 8,
    databaseBackupDays: 14,
    logDays: 30,
    alarmEmail: "oncall@example.com",
    monthlyBudgetUsd: 200,
    protect: true,
    ...changes,
  };
}
