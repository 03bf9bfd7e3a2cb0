/** Codes of PostgreSQL (postgresql.org/docs/current/errcodes-appendix.html) and of sockets that mean: the server or the way to it went away. */
const CONNECTION = new Set([
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "25006", // read_only_sql_transaction: this was the writer until a failover
  "26000", // invalid_sql_statement_name: a pooler gave us another server, which has not parsed it
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** The server chose this transaction to give way to another: it may simply run again. */
const CONFLICT = new Set(["40001", "40P01"]);

/** A lock, a free connection or an answer did not come in time. */
const BUSY = new Set(["55P03", "57014", "53300"]);

/** What `pg` throws without a code (pg 8: client.js, pg-pool). */
const CONNECTION_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Whether the connection was lost or could not be made: whether a COMMIT under way took effect is then unknown. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return CONNECTION.has(code) || code.startsWith("08");
  return error instanceof Error && CONNECTION_MESSAGE.test(error.message);
}

/** Whether this server takes no writes: it is not the writer any more. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === "25006";
}

/** Whether the same work may succeed if it is simply run again. */
export function isTransient(error: unknown): boolean {
  return isConnectionLost(error) || CONFLICT.has(codeOf(error) ?? "");
}

/** Whether the database is there but too slow for now. */
export function isBusy(error: unknown): boolean {
  return BUSY.has(codeOf(error) ?? "") || (error instanceof Error && error.message === "Query read timeout");
}

/** Whether the server refused the name or the password: 28P01, or 28000 for a role that is gone. */
export function isRefused(error: unknown): boolean {
  return ["28P01", "28000"].includes(codeOf(error) ?? "");
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
