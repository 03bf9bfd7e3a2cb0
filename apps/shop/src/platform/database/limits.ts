import type pg from "pg";

/** Times in milliseconds. They nest: a lock gives up before its statement, the statement before the client stops waiting. */
export const LIMITS = {
  connect: 5_000,
  lock: 3_000,
  statement: 5_000,
  answer: 6_000,
  idleInTransaction: 10_000,
  idle: 30_000,
} as const;

/** What the server keeps by itself, by the names of its parameters. */
const KEPT_BY_SERVER = {
  statement_timeout: LIMITS.statement,
  lock_timeout: LIMITS.lock,
  idle_in_transaction_session_timeout: LIMITS.idleInTransaction,
} as const;

/**
 * Has the server keep the limits for whoever logs in to this database by this name. Not sent with each connection: RDS Proxy refuses connections that ask for
 * parameters, and gives up multiplexing for those that set them (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html).
 */
export async function keepLimits(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ name: string; database: string; settings: string[] | null }>(`
    SELECT quote_ident(current_database()) AS database, current_user AS name,
      (SELECT setconfig FROM pg_db_role_setting
       WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND setrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)) AS settings`);
  const [row] = rows;
  if (row === undefined) throw new Error("the database does not say who we are");
  for (const [parameter, milliseconds] of Object.entries(KEPT_BY_SERVER))
    if (row.settings?.includes(`${parameter}=${milliseconds}`) !== true)
      await client.query(`ALTER ROLE CURRENT_USER IN DATABASE ${row.database} SET ${parameter} = ${milliseconds}`);
}

/** Lifts them for a connection on which long work is done. */
export async function liftLimits(client: pg.ClientBase): Promise<void> {
  await client.query(
    Object.keys(KEPT_BY_SERVER)
      .map((parameter) => `SET ${parameter} = 0`)
      .join("; "),
  );
}
