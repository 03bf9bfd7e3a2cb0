import type { Registry } from "prom-client";
import { z } from "zod";
import type { Bells, Modules } from "./modules.ts";
import { rotateSigningKeys, sweepSessions } from "./modules/auth/index.ts";
import { orderPlaced } from "./modules/billing/index.ts";
import { sweepCatalog } from "./modules/catalog/index.ts";
import {
  handOut,
  HandOutStore,
  type JobKind,
  JobStore,
  observeJobs,
  sweepJobs,
  work,
  workOnQueue,
} from "./modules/jobs/index.ts";
import type { Config } from "./platform/config.ts";
import type { Database } from "./platform/database/database.ts";
import { on, type Subscription } from "./platform/events/event.ts";
import { observeOutboxes } from "./platform/events/metrics.ts";
import { Outbox } from "./platform/events/outbox.ts";
import { relay } from "./platform/events/relay.ts";
import type { Hits } from "./platform/http/hits.ts";
import type { Log } from "./platform/log.ts";
import type { MessageQueue } from "./platform/queue/queue.ts";
import { type Chore, repeat } from "./platform/repeat.ts";

const SETTLE_EVERY_MS = 10_000;
const SCHEDULE_EVERY_MS = 30_000;

/** What goes on beside the requests. */
export interface BackgroundNeeds {
  readonly config: Pick<Config, "jobsAtOnce">;
  readonly database: Database;
  readonly modules: Modules;
  readonly bells: Bells;
  readonly hits: Hits;
  readonly log: Log;
  readonly metrics: Registry;
  /** Through which jobs are handed out. @default - workers take them from the table */
  readonly queue?: MessageQueue | undefined;
}

/** Does what there is to do in the background until the signal, and ends what is under way. */
export type Background = (signal: AbortSignal) => Promise<void>;

/** Puts together who does which job, who hears of which event, and what is looked after now and then. */
export function createBackground({ config, database, modules, bells, hits, log, metrics, queue }: BackgroundNeeds): Background {
  const { billing, jobs } = modules;
  const store = new JobStore(database);
  const kinds = jobKinds(modules, store, hits);
  const chores: readonly Chore[] = [
    { name: "settle-orders", everyMs: SETTLE_EVERY_MS, run: () => billing.settlePending() },
    { name: "schedule-jobs", everyMs: SCHEDULE_EVERY_MS, run: () => jobs.addScheduled(kinds) },
  ];
  const outboxes = [new Outbox(database, "billing")];
  const onEnd = observeJobs(metrics, store);
  observeOutboxes(metrics, outboxes);
  const { jobsAtOnce: atOnce } = config;
  const handOuts = new HandOutStore(database);
  const doJobs: Background = async (signal) => {
    if (queue === undefined) return work({ store, kinds, bell: bells.jobs, log, onEnd, atOnce }, signal);
    await Promise.all([
      handOut({ store: handOuts, queue, kinds, bell: bells.jobs, log }, signal),
      workOnQueue({ store, handOuts, queue, kinds, log, onEnd, atOnce }, signal),
    ]);
  };
  return async (signal) => {
    await Promise.all([
      repeat(chores, log, signal),
      relay({ outboxes, subscriptions: subscriptions(modules), bell: bells.events, log }, signal),
      doJobs(signal),
    ]);
  };
}

function jobKinds({ analytics, auth, billing, catalog, user }: Modules, store: JobStore, hits: Hits): readonly JobKind[] {
  return [
    sweepSessions(auth),
    rotateSigningKeys(auth),
    sweepCatalog(catalog),
    sweepJobs(store),
    sweepHits(hits),
    ...analytics.jobs,
    ...auth.jobs,
    ...billing.jobs,
    ...user.jobs,
  ];
}

/** Forgets who asked for what a while ago. */
function sweepHits(hits: Hits): JobKind {
  return { name: "sweep-hits", input: z.object({}), everyMinutes: 15, run: () => hits.sweep() };
}

/** Those who hear of something. */
export interface Listeners {
  readonly analytics: Pick<Modules["analytics"], "sold">;
  readonly billing: Pick<Modules["billing"], "requestInvoice">;
  readonly catalog: Pick<Modules["catalog"], "countSold">;
}

/** Who hears of what. Modules do not know of each other's events: the wires are here. */
export function subscriptions({ analytics, billing, catalog }: Listeners): readonly Subscription[] {
  return [
    on(orderPlaced, "count-sold", ({ id, data }) => catalog.countSold(id, data.lines)),
    on(orderPlaced, "analytics", ({ id, at, data }) => analytics.sold({ eventId: id, at, lines: data.lines })),
    on(orderPlaced, "invoice", ({ data: { orderId, userId } }) => billing.requestInvoice(userId, orderId)),
  ];
}
