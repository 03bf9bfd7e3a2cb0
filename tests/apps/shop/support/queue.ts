import { handOut, HandOutStore, type JobKind, workOnQueue } from "../../../../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import type { MessageQueue } from "../../../../apps/shop/src/platform/queue/queue.ts";
import { SqsQueue } from "../../../../apps/shop/src/platform/queue/sqs.ts";
import { SqsFixture, urlOf } from "../../../sandbox/services/sqs/support.ts";
import { silentLog } from "./logs.ts";
import { query } from "./postgres.ts";
import { type Workplace, workplaceAt } from "./jobs.ts";

/** The jobs of one database, handed out through the sandbox's SQS: the queue `jobs`, and `failed` behind it. */
export interface QueuePlace extends Workplace {
  readonly sqs: SqsFixture;
  /** The product's own way to the queue. */
  readonly queue: MessageQueue;
  readonly handOuts: HandOutStore;
  /** Where the queue is, and how, for a process of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts handing out; returns what stops it. */
  startHandOut(kinds: readonly JobKind[], options?: Partial<Parameters<typeof handOut>[0]>): () => Promise<void>;
  /** Starts a worker on the queue; returns what stops it and waits for it. */
  startOnQueue(kinds: readonly JobKind[], options?: Partial<Parameters<typeof workOnQueue>[0]>): () => Promise<void>;
  /** Stops everything that was started, and the queue. */
  end(): Promise<void>;
}

/** Opens a place; end it when done. Messages are set aside when they were received `maxReceiveCount` times. */
export async function queuePlaceAt(url: string, maxReceiveCount = 3): Promise<QueuePlace> {
  const sqs = await SqsFixture.start();
  await sqs.queueWithDeadLetters(maxReceiveCount);
  const { endpoint, region, credentials } = sqs.api.operator;
  const queue = new SqsQueue(urlOf("jobs"), { endpoint, region, credentials });
  const place = workplaceAt(url);
  const handOuts = new HandOutStore(place.database);
  const stops: (() => Promise<void>)[] = [];
  const run = (work: (signal: AbortSignal) => Promise<void>): (() => Promise<void>) => {
    const control = new AbortController();
    const working = work(control.signal);
    const stop = async (): Promise<void> => {
      control.abort();
      await working;
    };
    stops.push(stop);
    return stop;
  };
  const common = { queue, log: silentLog };
  return {
    ...place,
    sqs,
    queue,
    handOuts,
    environment: {
      JOBS_QUEUE_URL: urlOf("jobs"),
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    startHandOut: (kinds, options = {}) =>
      run((signal) => handOut({ ...common, store: handOuts, kinds, bell: new Bell(), pollMs: 10, ...options }, signal)),
    startOnQueue: (kinds, options = {}) =>
      run((signal) =>
        workOnQueue(
          {
            ...common,
            store: place.store,
            handOuts,
            kinds,
            atOnce: 2,
            waitSeconds: 1,
            retry: { firstMs: 0, mostMs: 0 },
            ...options,
          },
          signal,
        ),
      ),
    async letTimePass() {
      await place.letTimePass();
      // Longer ago than a message of a worker that died takes to come back.
      await query(url, "UPDATE jobs.jobs SET handed_until = now() WHERE handed_until IS NOT NULL");
    },
    async end() {
      await Promise.all(stops.map((stop) => stop()));
      await place.close();
      queue.close();
      await sqs.end();
    },
  };
}
