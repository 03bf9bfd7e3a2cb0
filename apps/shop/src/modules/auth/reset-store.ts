import type { Queryable } from "../../platform/database/database.ts";

/** Keeps the token of a reset. Returns the person's address; undefined if they have no open account. */
export async function addReset(
  database: Queryable,
  { hash, userId, minutes }: { hash: Buffer; userId: string; minutes: number },
): Promise<string | undefined> {
  const { rows } = await database.query<{ email: string }>({
    text: `
      WITH owner AS (SELECT id, email FROM auth.users WHERE id = $2 AND closed_at IS NULL), added AS (
        INSERT INTO auth.password_resets (hash, user_id, expires_at)
        SELECT $1, id, now() + make_interval(mins => $3) FROM owner ON CONFLICT (hash) DO NOTHING
      )
      SELECT email FROM owner`,
    values: [hash, userId, minutes],
  });
  return rows[0]?.email;
}

/** Whether a token still works. */
export async function isResetOpen(database: Queryable, hash: Buffer): Promise<boolean> {
  const { rowCount } = await database.query({
    name: "auth-reset-open",
    text: "SELECT FROM auth.password_resets WHERE hash = $1 AND expires_at > now() AND used_by IS NULL",
    values: [hash],
  });
  return rowCount === 1;
}

/**
 * Uses a token up: the person has another password, no session and no other token from then on. Returns their address; undefined when the token does not work. Asked
 * again for the same request it answers the same.
 */
export async function useReset(
  database: Queryable,
  { hash, passwordHash, request }: { hash: Buffer; passwordHash: string; request: string },
): Promise<string | undefined> {
  const { rows } = await database.query<{ email: string }>({
    text: `
      WITH used AS (
        UPDATE auth.password_resets SET used_by = $3
        WHERE hash = $1 AND expires_at > now() AND (used_by IS NULL OR used_by = $3) RETURNING user_id
      ), changed AS (
        UPDATE auth.users AS u SET password_hash = $2 FROM used WHERE u.id = used.user_id AND u.closed_at IS NULL
        RETURNING u.id, u.email
      ), others AS (
        DELETE FROM auth.password_resets AS r USING changed WHERE r.user_id = changed.id AND r.hash <> $1
      ), sessions AS (
        DELETE FROM auth.sessions AS s USING changed WHERE s.user_id = changed.id
      )
      SELECT email FROM changed`,
    values: [hash, passwordHash, request],
  });
  return rows[0]?.email;
}

/** Removes tokens that have expired. */
export async function sweepResets(database: Queryable): Promise<void> {
  await database.query({ text: "DELETE FROM auth.password_resets WHERE expires_at < now()" });
}
