/** A worker in a process of its own, to be killed; with JOBS_QUEUE_URL and AWS_REGION on that queue. Its jobs leave their number in the table `effects`; who finds nothing there is the first, and never comes to an end. */
import { z } from "zod";
import { HandOutStore, type JobKind, JobStore, work, workOnQueue } from "../../../../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { createLog } from "../../../../apps/shop/src/platform/log.ts";
import { SqsQueue } from "../../../../apps/shop/src/platform/queue/sqs.ts";

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
const needs = { store: new JobStore(database), kinds: [kind], log, atOnce: 2 };
const { JOBS_QUEUE_URL: url, AWS_REGION: region = "" } = process.env;
const { signal } = new AbortController();
if (url === undefined) await work({ ...needs, bell: new Bell(), pollMs: 20 }, signal);
else await workOnQueue({ ...needs, queue: new SqsQueue(url, { region }), handOuts: new HandOutStore(database) }, signal);
