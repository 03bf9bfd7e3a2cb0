import type { Queryable } from "../../platform/database/database.ts";

/** A person's account. */
export interface Account {
  readonly email: string;
  readonly createdAt: Date;
}

/** The tables of this module, behind named verbs. */
export class AuthStore {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Does nothing when the address has an account. */
  async addUser(id: string, email: string, passwordHash: string): Promise<void> {
    await this.#database.query({
      text: "INSERT INTO auth.users (id, email, password_hash) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING",
      values: [id, email, passwordHash],
    });
  }

  /** Not of a closed account. */
  async userByEmail(email: string): Promise<{ id: string; passwordHash: string } | undefined> {
    const { rows } = await this.#database.query<{ id: string; passwordHash: string }>({
      name: "auth-user-by-email",
      text: `SELECT id, password_hash AS "passwordHash" FROM auth.users WHERE email = $1 AND closed_at IS NULL`,
      values: [email],
    });
    return rows[0];
  }

  async account(userId: string): Promise<Account | undefined> {
    const { rows } = await this.#database.query<Account>({
      name: "auth-account",
      text: `SELECT email, created_at AS "createdAt" FROM auth.users WHERE id = $1`,
      values: [userId],
    });
    return rows[0];
  }

  /** Ends every session of a person, and the account for log-ins. */
  async close(userId: string): Promise<void> {
    await this.#database.query({
      text: `
        WITH closed AS (UPDATE auth.users SET closed_at = coalesce(closed_at, now()) WHERE id = $1)
        DELETE FROM auth.sessions WHERE user_id = $1`,
      values: [userId],
    });
  }

  /** Removes an account with everything that hangs on it. */
  async removeUser(userId: string): Promise<void> {
    await this.#database.query({ text: "DELETE FROM auth.users WHERE id = $1", values: [userId] });
  }

  async isOperator(userId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: "auth-operator",
      text: "SELECT FROM auth.operators WHERE user_id = $1",
      values: [userId],
    });
    return rowCount === 1;
  }

  /** False when no open account has the address. */
  async addOperator(email: string): Promise<boolean> {
    const { rows } = await this.#database.query({
      text: `
        WITH person AS (SELECT id FROM auth.users WHERE email = $1 AND closed_at IS NULL), added AS (
          INSERT INTO auth.operators (user_id) SELECT id FROM person ON CONFLICT DO NOTHING
        )
        SELECT id FROM person`,
      values: [email],
    });
    return rows.length === 1;
  }

  async changePasswordHash(userId: string, passwordHash: string): Promise<void> {
    await this.#database.query({
      text: "UPDATE auth.users SET password_hash = $2 WHERE id = $1",
      values: [userId, passwordHash],
    });
  }

  /** Counts one more attempt and returns how many there are in the account's window, and how many seconds it still lasts. */
  async countAttempt(account: Buffer, windowSeconds: number): Promise<{ attempts: number; secondsLeft: number }> {
    const { rows } = await this.#database.query<{ attempts: number; secondsLeft: number }>({
      name: "auth-count-attempt",
      text: `
        INSERT INTO auth.login_failures AS f (account, failures, expires_at) VALUES ($1, 1, now() + make_interval(secs => $2))
        ON CONFLICT (account) DO UPDATE SET
          failures = CASE WHEN f.expires_at > now() THEN f.failures + 1 ELSE 1 END,
          expires_at = CASE WHEN f.expires_at > now() THEN f.expires_at ELSE excluded.expires_at END
        RETURNING failures AS attempts, ceil(extract(epoch FROM expires_at - now()))::integer AS "secondsLeft"`,
      values: [account, windowSeconds],
    });
    return rows[0] ?? { attempts: 1, secondsLeft: windowSeconds };
  }

  async forgetAttempts(account: Buffer): Promise<void> {
    await this.#database.query({ text: "DELETE FROM auth.login_failures WHERE account = $1", values: [account] });
  }

  /** Removes counters that have expired. */
  async sweep(): Promise<void> {
    await this.#database.query({ text: "DELETE FROM auth.login_failures WHERE expires_at < now()" });
  }
}
