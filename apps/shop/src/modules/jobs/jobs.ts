import type { Bell } from "../../platform/bell.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import { type JobKind, USUAL_ATTEMPTS } from "./kinds.ts";
import type { DeadJob, Job, JobCounts, JobStore } from "./store.ts";

/** A job to be done. */
export interface NewJob<Input> {
  readonly input: Input;
  /** Whose job it is: they see it. @default - the product's own */
  readonly userId?: string;
  /** Makes it the same as any other with this key: it is added once, for as long as that one is kept. At most 255 characters. @default - added each time */
  readonly key?: string;
}

/** Some jobs, newest first, and the id to go on from; undefined at the end. */
export interface JobPage<T extends Job = Job> {
  readonly jobs: readonly T[];
  readonly next: string | undefined;
}

/** Which jobs are meant. */
export interface JobFilter {
  /** Only those that are older than the one with this id. @default - from the newest on */
  readonly before?: string | undefined;
  readonly limit: number;
  /** Only those of one kind. @default - all kinds */
  readonly kind?: string;
}

/** What other parts may ask of this module. */
export interface Jobs {
  /** Has something done later, perhaps in another process. Returns the job's id, which is that of an earlier one with the same key. */
  add<Input>(kind: JobKind<Input>, job: NewJob<Input>): Promise<string>;
  /** Adds the jobs of these kinds that the clock asks for: one in each span of `everyMinutes`, by whichever process comes first. */
  addScheduled(kinds: readonly JobKind[], now?: Date): Promise<void>;
  /** A person's own job. */
  job(userId: string, id: string): Promise<Job | undefined>;
  /** A person's own jobs. */
  jobs(userId: string, which: JobFilter): Promise<JobPage>;
  /** For operators: how much there is to do. */
  counts(): Promise<JobCounts>;
  /** For operators: jobs that were set aside. */
  deadJobs(before: string | undefined, limit: number): Promise<JobPage<DeadJob>>;
  /** For operators: has a job that was set aside tried again, with all its attempts. False if it is not set aside. */
  redrive(id: string): Promise<boolean>;
  readonly personalData: PersonalData;
}

/** `bell` wakes the worker of this process. */
export function createJobs(store: JobStore, bell: Bell): Jobs {
  const scheduled = new Map<string, number>();
  const add: Jobs["add"] = async (kind, { input, userId, key }) => {
    const { name, attempts: maxAttempts = USUAL_ATTEMPTS } = kind;
    const id = await store.add({ id: uuidv7(), kind: name, key, userId, input, maxAttempts });
    bell.ring();
    return id;
  };
  return {
    add,
    async addScheduled(kinds, now = new Date()) {
      for (const kind of kinds) {
        if (kind.everyMinutes === undefined) continue;
        const span = kind.everyMinutes * 60_000;
        const start = Math.floor(now.getTime() / span) * span;
        if (scheduled.get(kind.name) === start) continue;
        await add(kind, { input: {}, key: `${kind.name} of ${new Date(start).toISOString()}` });
        scheduled.set(kind.name, start);
      }
    },
    job: (userId, id) => store.ofUser(userId, id),
    jobs: async (userId, { limit, ...which }) => pageOf(await store.listOfUser(userId, { ...which, limit: limit + 1 }), limit),
    personalData: {
      part: "jobs",
      exportOf: (userId) => store.allOfUser(userId),
      forget: (userId) => store.removeOfUser(userId),
    },
    counts: () => store.counts(),
    deadJobs: async (before, limit) => pageOf(await store.listDead(before, limit + 1), limit),
    async redrive(id) {
      const redriven = await store.redrive(id);
      bell.ring();
      return redriven;
    },
  };
}

/** One more than asked for tells whether there is a next page. */
function pageOf<T extends Job>(found: readonly T[], limit: number): JobPage<T> {
  const jobs = found.slice(0, limit);
  return { jobs, next: found.length > limit ? jobs.at(-1)?.id : undefined };
}
