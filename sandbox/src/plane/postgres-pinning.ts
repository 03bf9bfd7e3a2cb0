/** A statement this long keeps its session on one connection, whatever it is (RDS User Guide, "Avoiding pinning an RDS Proxy"). */
const LONGEST_BYTES = 16 * 1024;

/** What leaves something behind in a session that later statements may rely on, for PostgreSQL (the same page). The words are those of the proxy's log. */
const REASONS: readonly (readonly [reason: string, statement: RegExp])[] = [
  ["A SET statement was detected.", /(?:^|;)\s*(?:re)?set\b|\bset_config\s*\(/],
  ["A prepared statement was detected.", /(?:^|;)\s*(?:prepare|execute|deallocate)\b(?!\s+transaction)/],
  ["A DISCARD statement was detected.", /(?:^|;)\s*discard\b/],
  [
    "A temporary table, view or sequence was detected.",
    /\b(?:create(?:\s+or\s+replace)?|into)\s+(?:(?:global|local)\s+)?temp(?:orary)?\b/,
  ],
  ["A cursor was detected.", /(?:^|;)\s*declare\b/],
  ["A notification channel was detected.", /(?:^|;)\s*(?:un)?listen\b/],
  ["A library module was loaded.", /(?:^|;)\s*load\b/],
  ["A sequence function was detected.", /\b(?:nextval|setval)\s*\(/],
  ["A lock function was detected.", /\bpg_(?:try_)?advisory_lock(?:_shared)?\s*\(/],
];

/** Why a session that runs this SQL must keep its connection until it ends; undefined where it need not. */
export function pinReason(sql: string): string | undefined {
  if (Buffer.byteLength(sql) > LONGEST_BYTES) return "The statement is longer than 16384 bytes.";
  const bare = withoutComments(sql).toLowerCase();
  return REASONS.find(([, statement]) => statement.test(bare))?.[0];
}

function withoutComments(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
}
