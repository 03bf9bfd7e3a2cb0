import type { Queryable } from "../../platform/database/database.ts";
import type { Claimed, JobState } from "./store.ts";

/** What became of the wish to begin a job that a message names. */
export type ByMessage =
  | { readonly kind: "begun"; readonly job: Claimed }
  /** Somebody is at it, or it waits for its next attempt: ask again in so many milliseconds. */
  | { readonly kind: "not-yet"; readonly inMs: number }
  /** It is a kind that this version does not know. */
  | { readonly kind: "unknown-kind"; readonly name: string }
  /** There is nothing to do any more. */
  | { readonly kind: "over" }
  /** Its last attempt ended with its process: it is set aside now. */
  | { readonly kind: "exhausted"; readonly job: Claimed }
  /** It was set aside before. */
  | { readonly kind: "dead" };

/** A message for a job that was set aside is an operator's wish when it was sent this long after that: before, it was one that came twice. */
const REDRIVEN_SECONDS = 60;
/** A message of a worker that died becomes visible when the lease ends: only one that does not is sent again. */
const AFTER_LEASE_SECONDS = 60;

type Row = { readonly before: JobState; readonly dueInMs: number; readonly name: string } & {
  readonly [Field in keyof Claimed]: Claimed[Field] | null;
} & { readonly state: JobState | null };

/** Jobs that are handed out through a queue: the table says what is to be done, the queue only who does it. */
export class HandOutStore {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Up to `limit` jobs of these kinds that are due and not handed out. Nobody else gets them for so long. */
  async take(kinds: readonly string[], limit: number, leaseMs: number): Promise<string[]> {
    const { rows } = await this.#database.query<{ id: string }>({
      name: "jobs-take-to-hand-out",
      text: `
        WITH due AS MATERIALIZED (
          SELECT id FROM jobs.jobs
          WHERE state IN ('waiting', 'running') AND greatest(due_at, handed_until) <= now() AND kind = ANY($1::text[])
            AND (state = 'waiting' OR due_at < now() - make_interval(secs => $4))
          ORDER BY greatest(due_at, handed_until) LIMIT $2 FOR UPDATE SKIP LOCKED
        )
        UPDATE jobs.jobs AS j SET handed_until = now() + make_interval(secs => $3::float / 1000) FROM due WHERE j.id = due.id
        RETURNING j.id`,
      values: [kinds, limit, leaseMs, AFTER_LEASE_SECONDS],
    });
    return rows.map(({ id }) => id);
  }

  /** These were sent: they are sent again only if nobody has begun them by then. */
  async markSent(ids: readonly string[], againMs: number): Promise<void> {
    await this.#database.query({
      name: "jobs-mark-sent",
      // What was begun meanwhile is null by now and stays so.
      text: `
        UPDATE jobs.jobs SET handed_until = now() + make_interval(secs => $2::float / 1000)
        WHERE id = ANY($1::uuid[]) AND handed_until IS NOT NULL`,
      values: [ids, againMs],
    });
  }

  /** Begins an attempt at the job of a message that was sent then, if it is to be begun. */
  async begin(
    id: string,
    { kinds, sentAt, lease, leaseMs }: { kinds: readonly string[]; sentAt: Date; lease: string; leaseMs: number },
  ): Promise<ByMessage> {
    const { rows } = await this.#database.query<Row>({
      name: "jobs-begin-by-message",
      text: `
        WITH job AS MATERIALIZED (
          SELECT id, state, kind, due_at, state = 'dead' AND $3 > finished_at + make_interval(secs => $6) AS redriven
          FROM jobs.jobs WHERE id = $1 FOR UPDATE
        ), begun AS (
          UPDATE jobs.jobs AS j SET
            state = CASE WHEN job.redriven OR j.attempts < j.max_attempts THEN 'running' ELSE 'dead' END,
            attempts = CASE WHEN job.redriven THEN 1 ELSE least(j.attempts + 1, j.max_attempts) END,
            lease = $4,
            due_at = now() + make_interval(secs => $5::float / 1000),
            handed_until = NULL,
            last_error = CASE WHEN j.state = 'running' THEN 'The process ended or stalled in attempt ' || j.attempts || '.' ELSE j.last_error END,
            finished_at = CASE WHEN job.redriven OR j.attempts < j.max_attempts THEN NULL ELSE now() END
          FROM job
          WHERE j.id = job.id AND job.kind = ANY($2::text[])
            AND (job.redriven OR (job.state IN ('waiting', 'running') AND job.due_at <= now()))
          RETURNING j.id, j.kind, j.user_id, j.input, j.attempts, j.lease, j.state
        )
        SELECT job.state AS before, job.kind AS name, extract(epoch FROM job.due_at - now())::float * 1000 AS "dueInMs",
          begun.id, begun.kind, begun.user_id AS "userId", begun.input, begun.attempts, begun.lease, begun.state
        FROM job LEFT JOIN begun ON true`,
      values: [id, kinds, sentAt, lease, leaseMs, REDRIVEN_SECONDS],
    });
    return outcomeOf(rows[0], kinds);
  }
}

function outcomeOf(row: Row | undefined, kinds: readonly string[]): ByMessage {
  if (row === undefined || row.before === "done") return { kind: "over" };
  if (row.state !== null) {
    const job = row as unknown as Claimed;
    return row.state === "running" ? { kind: "begun", job } : { kind: "exhausted", job };
  }
  if (!kinds.includes(row.name)) return { kind: "unknown-kind", name: row.name };
  if (row.before === "dead") return { kind: "dead" };
  return { kind: "not-yet", inMs: Math.max(0, row.dueInMs) };
}
