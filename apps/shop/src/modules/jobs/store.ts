import type { Queryable } from "../../platform/database/database.ts";

/** Where a job is: not begun or between two attempts, in an attempt, finished, or set aside for an operator. */
export type JobState = "waiting" | "running" | "done" | "dead";

/** A job as people see it. */
export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: JobState;
  readonly attempts: number;
  /** Whole percent. */
  readonly progress: number;
  /** A few words on how far it is; may be empty. */
  readonly note: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A job as an operator sees it. */
export interface DeadJob extends Job {
  readonly lastError: string | null;
}

/** A job to be added. */
export interface AddedJob {
  readonly id: string;
  readonly kind: string;
  readonly key: string | undefined;
  readonly userId: string | undefined;
  readonly input: unknown;
  readonly maxAttempts: number;
}

/** An attempt that has begun. */
export interface Claimed {
  readonly id: string;
  readonly kind: string;
  readonly userId: string | null;
  readonly input: unknown;
  readonly attempts: number;
  readonly lease: string;
}

/** An attempt, and the one to whom it belongs. */
export type Leased = Pick<Claimed, "id" | "lease">;

/** How many jobs there are, and how late the latest is. */
export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  readonly dead: number;
  /** How long the job that is due longest has been due, in seconds; 0 if none is. */
  readonly lateSeconds: number;
}

const JOB = `id, kind, state, attempts, progress, note, created_at AS "createdAt", finished_at AS "finishedAt"`;
const LATEST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The table of this module, behind named verbs. All times are the database's: the clocks of processes may differ. */
export class JobStore {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Adds a job unless there is one with its key. Returns the id of the one that is there. */
  async add({ id, kind, key, userId, input, maxAttempts }: AddedJob): Promise<string> {
    await this.#database.query({
      name: "jobs-add",
      text: `
        INSERT INTO jobs.jobs (id, kind, key, user_id, input, max_attempts) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
        ON CONFLICT DO NOTHING`,
      values: [id, kind, key, userId, JSON.stringify(input), maxAttempts],
    });
    if (key === undefined) return id;
    const { rows } = await this.#database.query<{ id: string }>({
      name: "jobs-by-key",
      text: "SELECT id FROM jobs.jobs WHERE key = $1",
      values: [key],
    });
    // Gone already: it was finished and swept between the two statements.
    return rows[0]?.id ?? id;
  }

  /**
   * Begins an attempt at up to `limit` jobs of these kinds that are due, among them those whose lease has ended without an outcome. If the answer is lost, the attempts
   * count as begun and end with their lease. A job whose last attempt ended so is set aside.
   */
  async claim(
    kinds: readonly string[],
    limit: number,
    lease: string,
    leaseMs: number,
  ): Promise<{ begun: Claimed[]; dead: Claimed[] }> {
    const { rows } = await this.#database.query<Claimed & { state: JobState }>({
      name: "jobs-claim",
      text: `
        WITH due AS MATERIALIZED (
          SELECT id FROM jobs.jobs WHERE state IN ('waiting', 'running') AND due_at <= now() AND kind = ANY($1::text[])
          ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE jobs.jobs AS j SET
          state = CASE WHEN j.attempts < j.max_attempts THEN 'running' ELSE 'dead' END,
          attempts = least(j.attempts + 1, j.max_attempts),
          lease = $3,
          due_at = now() + make_interval(secs => $4::float / 1000),
          last_error = CASE WHEN j.state = 'running' THEN 'The process ended or stalled in attempt ' || j.attempts || '.' ELSE j.last_error END,
          finished_at = CASE WHEN j.attempts < j.max_attempts THEN NULL ELSE now() END
        FROM due WHERE j.id = due.id
        RETURNING j.id, j.kind, j.user_id AS "userId", j.input, j.attempts, j.lease, j.state`,
      values: [kinds, limit, lease, leaseMs],
    });
    return { begun: rows.filter(({ state }) => state === "running"), dead: rows.filter(({ state }) => state === "dead") };
  }

  /** Prolongs leases. Returns the ids of those that are still held. */
  async renew(attempts: readonly Leased[], leaseMs: number): Promise<Set<string>> {
    const { rows } = await this.#database.query<{ id: string }>({
      name: "jobs-renew",
      text: `
        UPDATE jobs.jobs AS j SET due_at = now() + make_interval(secs => $3::float / 1000)
        FROM unnest($1::uuid[], $2::uuid[]) AS held (id, lease)
        WHERE j.id = held.id AND j.lease = held.lease AND j.state = 'running' RETURNING j.id`,
      values: [attempts.map(({ id }) => id), attempts.map(({ lease }) => lease), leaseMs],
    });
    return new Set(rows.map(({ id }) => id));
  }

  /** Tells how far an attempt is. False when its lease is lost. */
  progress({ id, lease }: Leased, percent: number, note: string): Promise<boolean> {
    return this.#change({
      name: "jobs-progress",
      text: "UPDATE jobs.jobs SET progress = $3, note = left($4, 200) WHERE id = $1 AND lease = $2 AND state = 'running'",
      values: [id, lease, percent, note],
    });
  }

  /** Ends a job well. False when the lease is lost. */
  finish({ id, lease }: Leased): Promise<boolean> {
    return this.#change({
      name: "jobs-finish",
      // Also when it is done already: the answer may have been lost the first time.
      text: `
        UPDATE jobs.jobs SET state = 'done', progress = 100, last_error = NULL, finished_at = coalesce(finished_at, now())
        WHERE id = $1 AND lease = $2 AND state IN ('running', 'done')`,
      values: [id, lease],
    });
  }

  /** Ends an attempt badly: the next one begins after the pause, or the job is set aside when the pause is undefined or no attempt is left. Returns the state it is in then; undefined when the lease is lost. */
  async fail({ id, lease }: Leased, error: string, pauseMs: number | undefined): Promise<JobState | undefined> {
    const { rows } = await this.#database.query<{ state: JobState }>({
      name: "jobs-fail",
      text: `
        UPDATE jobs.jobs SET
          state = CASE WHEN $4::float IS NULL OR attempts >= max_attempts THEN 'dead' ELSE 'waiting' END,
          finished_at = CASE WHEN $4::float IS NULL OR attempts >= max_attempts THEN now() END,
          due_at = now() + make_interval(secs => coalesce($4::float, 0) / 1000),
          last_error = left($3, 500)
        WHERE id = $1 AND lease = $2 AND state <> 'done' RETURNING state`,
      values: [id, lease, error, pauseMs ?? null],
    });
    return rows[0]?.state;
  }

  /** Gives an attempt back as if it had not begun: the process ends. */
  release({ id, lease }: Leased): Promise<boolean> {
    return this.#change({
      name: "jobs-release",
      text: `
        UPDATE jobs.jobs SET state = 'waiting', attempts = attempts - 1, due_at = now(), lease = NULL
        WHERE id = $1 AND lease = $2 AND state = 'running'`,
      values: [id, lease],
    });
  }

  /** A person's own job. */
  async ofUser(userId: string, id: string): Promise<Job | undefined> {
    const { rows } = await this.#database.query<Job>({
      name: "jobs-of-user-by-id",
      text: `SELECT ${JOB} FROM jobs.jobs WHERE id = $1 AND user_id = $2`,
      values: [id, userId],
    });
    return rows[0];
  }

  /** A person's own jobs before the one with this id, newest first. */
  async listOfUser(
    userId: string,
    { before = LATEST, kind, limit }: { before?: string | undefined; kind?: string; limit: number },
  ): Promise<Job[]> {
    const { rows } = await this.#database.query<Job>({
      name: "jobs-of-user",
      text: `SELECT ${JOB} FROM jobs.jobs WHERE user_id = $1 AND id < $2 AND ($3::text IS NULL OR kind = $3) ORDER BY id DESC LIMIT $4`,
      values: [userId, before, kind, limit],
    });
    return rows;
  }

  /** All of a person's jobs, with what they were told. */
  async allOfUser(userId: string): Promise<(Job & { readonly input: unknown })[]> {
    const { rows } = await this.#database.query<Job & { readonly input: unknown }>({
      text: `SELECT ${JOB}, input FROM jobs.jobs WHERE user_id = $1 ORDER BY id`,
      values: [userId],
    });
    return rows;
  }

  /** Removes a person's jobs. One that is running loses its lease. */
  async removeOfUser(userId: string): Promise<void> {
    await this.#database.query({ text: "DELETE FROM jobs.jobs WHERE user_id = $1", values: [userId] });
  }

  /** Jobs that were set aside, before the one with this id, newest first. */
  async listDead(before: string | undefined, limit: number): Promise<DeadJob[]> {
    const { rows } = await this.#database.query<DeadJob>({
      name: "jobs-dead",
      text: `SELECT ${JOB}, last_error AS "lastError" FROM jobs.jobs WHERE state = 'dead' AND id < $1 ORDER BY id DESC LIMIT $2`,
      values: [before ?? LATEST, limit],
    });
    return rows;
  }

  /** Gives a job that was set aside all its attempts again. False if it is not set aside. */
  redrive(id: string): Promise<boolean> {
    return this.#change({
      text: "UPDATE jobs.jobs SET state = 'waiting', attempts = 0, due_at = now(), lease = NULL, finished_at = NULL WHERE id = $1 AND state = 'dead'",
      values: [id],
    });
  }

  async counts(): Promise<JobCounts> {
    const { rows } = await this.#database.query<JobCounts>({
      name: "jobs-counts",
      text: `
        SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'running') AS running,
          (SELECT count(*) FROM jobs.jobs WHERE state = 'dead') AS dead,
          greatest(0, coalesce(extract(epoch FROM now() - min(due_at)), 0))::float AS "lateSeconds"
        FROM jobs.jobs WHERE state IN ('waiting', 'running')`,
    });
    return rows[0] ?? { waiting: 0, running: 0, dead: 0, lateSeconds: 0 };
  }

  /** Removes up to `limit` jobs that ended in this state so many days ago. Returns how many. */
  async sweep(state: "done" | "dead", days: number, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query({
      text: `
        DELETE FROM jobs.jobs WHERE id IN (
          SELECT id FROM jobs.jobs WHERE state = $1 AND finished_at < now() - make_interval(days => $2) ORDER BY finished_at LIMIT $3)`,
      values: [state, days, limit],
    });
    return rowCount ?? 0;
  }

  async #change(statement: { name?: string; text: string; values: unknown[] }): Promise<boolean> {
    const { rowCount } = await this.#database.query(statement);
    return rowCount === 1;
  }
}
