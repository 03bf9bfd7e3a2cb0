/** A worker in a process of its own, to be killed. Its jobs leave their number in the table `effects`; who finds nothing there is the first, and never comes to an end. */
import { z } from "zod";
import { type JobKind, JobStore, work } from "../../../../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { createLog } from "../../../../apps/shop/src/platform/log.ts";

const [connectionString = ""] = process.argv.slice(2);
const log = createLog("info");
const database = new Database(() => Promise.resolve({ connectionString }), { log, size: 4 });
const kind: JobKind = {
  name: "killed-half-way",
  input: z.object({}),
  async run(_input, { id }) {
    const { rowCount } = await database.query({
      text: "INSERT INTO effects (job) VALUES ($1) ON CONFLICT DO NOTHING",
      values: [id],
    });
    if (rowCount === 1) await new Promise(() => undefined);
  },
};
await work(
  { store: new JobStore(database), kinds: [kind], bell: new Bell(), log, atOnce: 2, pollMs: 20 },
  new AbortController().signal,
);
