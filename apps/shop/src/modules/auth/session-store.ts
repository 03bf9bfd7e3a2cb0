import type { Queryable } from "../../platform/database/database.ts";

/** A refresh token that was shown to us, and the session it is of. */
export interface RefreshTokenState {
  readonly sessionId: string;
  readonly userId: string;
  /** Whether it was used before, too long ago for the same question to be asked again. */
  readonly reused: boolean;
}

/** Opens a session that ends after so many days. Returns when. Does nothing when it is open. */
export async function addSession(database: Queryable, id: string, userId: string, days: number): Promise<Date> {
  const { rows } = await database.query<{ expiresAt: Date }>({
    name: "auth-add-session",
    text: `
      INSERT INTO auth.sessions (id, user_id, expires_at) VALUES ($1, $2, now() + make_interval(days => $3))
      ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at RETURNING expires_at AS "expiresAt"`,
    values: [id, userId, days],
  });
  return theOne(rows).expiresAt;
}

/** Whether a person's session is open. */
export async function hasSession(database: Queryable, id: string, userId: string): Promise<boolean> {
  const { rowCount } = await database.query({
    name: "auth-session",
    text: "SELECT FROM auth.sessions WHERE id = $1 AND user_id = $2 AND expires_at > now()",
    values: [id, userId],
  });
  return rowCount === 1;
}

/** Prolongs an open session by so many days, up to the most that it may last. Returns when it ends. */
export async function prolongSession(database: Queryable, id: string, days: number, mostDays: number): Promise<Date> {
  const { rows } = await database.query<{ expiresAt: Date }>({
    text: `
      UPDATE auth.sessions SET expires_at = least(now() + make_interval(days => $2), created_at + make_interval(days => $3))
      WHERE id = $1 RETURNING expires_at AS "expiresAt"`,
    values: [id, days, mostDays],
  });
  return theOne(rows).expiresAt;
}

/** Ends a session. */
export async function removeSession(database: Queryable, id: string): Promise<void> {
  await database.query({ text: "DELETE FROM auth.sessions WHERE id = $1", values: [id] });
}

/** Ends all sessions of a person. */
export async function removeSessions(database: Queryable, userId: string): Promise<void> {
  await database.query({ text: "DELETE FROM auth.sessions WHERE user_id = $1", values: [userId] });
}

/** The open sessions of a person, oldest first. */
export async function sessionsOf(database: Queryable, userId: string): Promise<{ createdAt: Date; expiresAt: Date }[]> {
  const { rows } = await database.query<{ createdAt: Date; expiresAt: Date }>({
    text: `
      SELECT created_at AS "createdAt", expires_at AS "expiresAt" FROM auth.sessions
      WHERE user_id = $1 AND expires_at > now() ORDER BY created_at`,
    values: [userId],
  });
  return rows;
}

/** Keeps a refresh token of a session. */
export async function addRefreshToken(transaction: Queryable, hash: Buffer, sessionId: string): Promise<void> {
  await transaction.query({
    name: "auth-add-refresh-token",
    text: "INSERT INTO auth.refresh_tokens (hash, session_id) VALUES ($1, $2)",
    values: [hash, sessionId],
  });
}

/** What is known of a refresh token; undefined if its session is not open. The session is locked: one question at a time. */
export async function refreshTokenState(
  transaction: Queryable,
  hash: Buffer,
  graceSeconds: number,
): Promise<RefreshTokenState | undefined> {
  const { rows } = await transaction.query<RefreshTokenState>({
    name: "auth-refresh-token",
    text: `
      SELECT s.id AS "sessionId", s.user_id AS "userId",
        coalesce(r.used_at < clock_timestamp() - make_interval(secs => $2), false) AS reused
      FROM auth.refresh_tokens AS r JOIN auth.sessions AS s ON s.id = r.session_id
      WHERE r.hash = $1 AND s.expires_at > now() FOR UPDATE`,
    values: [hash, graceSeconds],
  });
  return rows[0];
}

/** Remembers when a refresh token was used first. */
export async function useRefreshToken(transaction: Queryable, hash: Buffer): Promise<void> {
  await transaction.query({
    name: "auth-use-refresh-token",
    text: "UPDATE auth.refresh_tokens SET used_at = coalesce(used_at, clock_timestamp()) WHERE hash = $1",
    values: [hash],
  });
}

/** Removes sessions that have ended, and tokens that were used more days ago than anybody waits to try a stolen one. */
export async function sweepSessions(database: Queryable, usedDays: number): Promise<void> {
  await database.query({ text: "DELETE FROM auth.sessions WHERE expires_at < now()" });
  await database.query({
    text: "DELETE FROM auth.refresh_tokens WHERE used_at < now() - make_interval(days => $1)",
    values: [usedDays],
  });
}

function theOne<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error("a session that was just written is missing");
  return row;
}
