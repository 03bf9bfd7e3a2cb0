import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { serveApi } from "../../../../sandbox/src/api/endpoint.ts";
import type { Cloud } from "../../../../sandbox/src/core/cloud.ts";
import { World } from "../../../../sandbox/src/core/world.ts";
import { services } from "./support.ts";

// Serves the SQS of a home, and is killed, as by the power going, at a moment of the first change it is asked for:
// node doomed.ts <home> <within|after>
const [home = "", moment = ""] = process.argv.slice(2);

const world = new World(join(home, "world.db"));
const cloud: Partial<Cloud> = { account: "123456789012", home, world, now: Date.now, note: console.error };
const api = await serveApi(cloud as Cloud, 0, services);
const exec = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, "exec")?.value as (this: DatabaseSync, sql: string) => void;
DatabaseSync.prototype.exec = function (sql: string): void {
  if (moment === "within" && sql === "COMMIT") process.kill(process.pid, "SIGKILL");
  exec.call(this, sql);
  if (moment === "after" && sql === "COMMIT") process.kill(process.pid, "SIGKILL");
};
process.stdout.write(`${api.url}\n`);
