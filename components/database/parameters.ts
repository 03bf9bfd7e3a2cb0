/** One setting of PostgreSQL in a parameter group. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: "immediate" | "pending-reboot";
}

/** Queries slower than this many milliseconds are logged: the p95 goal of a whole request. */
export const SLOW_QUERY_MS = 500;

/** What holds for the whole cluster: encrypted connections, and the statistics by which slow queries are found. */
export function clusterParameters(): Parameter[] {
  return [
    { name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" },
    { name: "shared_preload_libraries", value: "pg_stat_statements", applyMethod: "pending-reboot" },
  ];
}

/** What holds for each instance: the slow-query log, and an end to transactions that were forgotten open. */
export function instanceParameters(): Parameter[] {
  return [
    { name: "log_min_duration_statement", value: String(SLOW_QUERY_MS), applyMethod: "immediate" },
    { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
    { name: "idle_in_transaction_session_timeout", value: "60000", applyMethod: "immediate" },
  ];
}

/**
 * How many connections Aurora allows, a little under the real figure: about 209 for each ACU of the ceiling, at most 5,000, and 2,000 when the least
 * capacity is 0.5 ACU or less (Aurora user guide, "Maximum connections for Aurora Serverless v2").
 */
export function maxConnections(minAcu: number, maxAcu: number): number {
  return Math.min(minAcu <= 0.5 ? 2000 : 5000, Math.floor(maxAcu * 205));
}
