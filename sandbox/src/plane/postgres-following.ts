import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { PostgresAdmin } from "./postgres-admin.ts";
import { ADMIN } from "./postgres-config.ts";
import type { PostgresSpec } from "./postgres-spec.ts";

/** The writer that readers follow. */
export interface Primary {
  readonly id: string;
  readonly port: number;
}

const STREAMING_MS = 30_000;
const POLL_MS = 20;

/** What a server says whose data have gone another way than the writer's, so that they cannot be brought there (access/transam/xlogrecovery.c, walreceiver.c). */
const DIVERGED =
  /is not a child of this server's history|forked off current database system timeline|is behind recovery timeline/;

/** The connection string by which a reader follows; it is in a file that only the server can read. */
export function primaryConnection({ server, id }: PostgresSpec, { port }: Primary, password: string, caFile: string): string {
  const parts = {
    host: "127.0.0.1",
    port: String(port),
    user: ADMIN,
    password,
    application_name: server ?? id,
    sslmode: "verify-ca",
    sslrootcert: caFile,
  };
  return Object.entries(parts)
    .map(([name, value]) => `${name}='${value.replaceAll(/[\\']/g, "\\$&")}'`)
    .join(" ");
}

/** Whether the server follows another one. */
export async function follows(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ follows: boolean }>("SELECT pg_is_in_recovery() AS follows");
  return rows[0]?.follows === true;
}

/** How far a reader is behind, in milliseconds; 0 for one that has replayed all that it was sent. */
export async function lagMsOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ lag: number | null }>(
    `SELECT CASE WHEN EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AND pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()
       THEN 0 ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 END::float8 AS lag`,
  );
  return Math.max(0, rows[0]?.lag ?? 0);
}

/** Waits until the writer sends the reader its log as it is written. Rejects when the reader says that it cannot follow, or the time is up. */
export async function requireStreaming(
  admin: PostgresAdmin,
  server: string,
  { id, port }: Primary,
  linesOf: () => readonly string[],
): Promise<void> {
  await admin.run(id, port, async (client) => {
    const deadline = Date.now() + STREAMING_MS;
    for (;;) {
      // The server keeps that much of a name.
      const found = await client.query(
        "SELECT FROM pg_stat_replication WHERE application_name = left($1, 63) AND state = 'streaming'",
        [server],
      );
      if (found.rowCount !== 0) return;
      const said = linesOf().find((line) => DIVERGED.test(line));
      if (said !== undefined) throw new Error(`${server} cannot follow: ${said}`);
      if (Date.now() > deadline) throw new Error(`${server} did not follow within ${String(STREAMING_MS / 1000)} s`);
      await delay(POLL_MS);
    }
  });
}
