import { z } from "zod";
import {
  createJobs,
  handOut,
  HandOutStore,
  type JobKind,
  JobStore,
  work,
  workOnQueue,
} from "../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../apps/shop/src/platform/bell.ts";
import { Database } from "../apps/shop/src/platform/database/database.ts";
import { createLog } from "../apps/shop/src/platform/log.ts";
import { SqsQueue } from "../apps/shop/src/platform/queue/sqs.ts";
import { SqsFixture, urlOf } from "../tests/sandbox/services/sqs/support.ts";

const JOBS = 500;
/** Attempts under way at a time in one worker. */
const AT_ONCE = 10;

/** How many jobs with nothing to do one worker does in a second: taken from the table, and handed out through the sandbox's SQS. */
export async function jobsPerSecond(databaseUrl: string): Promise<{ table: number; sqs: number }> {
  const log = createLog("error");
  const database = new Database(() => Promise.resolve({ connectionString: databaseUrl }), { log, size: 10 });
  const sqs = await SqsFixture.start();
  try {
    await sqs.queue("jobs");
    const { endpoint, region, credentials } = sqs.api.operator;
    const queue = new SqsQueue(urlOf("jobs"), { endpoint, region, credentials });
    const store = new JobStore(database);
    const handOuts = new HandOutStore(database);
    const needs = (
      kind: JobKind,
    ): { store: JobStore; kinds: readonly JobKind[]; log: typeof log; atOnce: number; bell: Bell } => ({
      store,
      kinds: [kind],
      log,
      atOnce: AT_ONCE,
      bell: new Bell(),
    });
    const table = await rate(store, (kind, signal) => work(needs(kind), signal));
    const onQueue = await rate(store, async (kind, signal) => {
      const common = needs(kind);
      await Promise.all([
        handOut({ ...common, store: handOuts, queue }, signal),
        workOnQueue({ ...common, queue, handOuts }, signal),
      ]);
    });
    queue.close();
    return { table, sqs: onQueue };
  } finally {
    await database.close();
    await sqs.end();
  }
}

async function rate(store: JobStore, run: (kind: JobKind, signal: AbortSignal) => Promise<void>): Promise<number> {
  const all = Promise.withResolvers<undefined>();
  let done = 0;
  const kind: JobKind = {
    name: "nothing-to-do",
    input: z.null(),
    run() {
      done += 1;
      if (done === JOBS) all.resolve(undefined);
      return Promise.resolve();
    },
  };
  const jobs = createJobs(store, new Bell());
  for (let added = 0; added < JOBS; added += 50)
    await Promise.all(Array.from({ length: 50 }, () => jobs.add(kind, { input: null })));
  const control = new AbortController();
  const started = performance.now();
  const working = run(kind, control.signal);
  await all.promise;
  const seconds = (performance.now() - started) / 1000;
  control.abort();
  await working;
  return JOBS / seconds;
}
