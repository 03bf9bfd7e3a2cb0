import { createHmac } from "node:crypto";
import type { Queryable } from "../database/database.ts";
import type { MigrationSource } from "../database/migrations.ts";

/** The table of hits. */
export const hitsMigrations: MigrationSource = { module: "platform", folder: new URL("./migrations/", import.meta.url) };

/** Counts how often something was asked for, for all processes together. */
export interface Hits {
  /** Counts once more. Returns how many there are in this window of time, and how long it still lasts, in milliseconds. */
  count(name: string, windowMs: number): Promise<{ readonly current: number; readonly ttl: number }>;
  /** Removes what has expired. */
  sweep(): Promise<void>;
}

/** `key` hides what is counted; at least 32 bytes. Asked for when it is needed. */
export function createHits(database: Queryable, key: () => Buffer): Hits {
  return {
    async count(name, windowMs) {
      const { rows } = await database.query<{ current: number; ttl: number }>({
        name: "platform-count-hit",
        text: `
          INSERT INTO platform.hits AS h (counter, hits, expires_at) VALUES ($1, 1, now() + make_interval(secs => $2::float / 1000))
          ON CONFLICT (counter) DO UPDATE SET
            hits = CASE WHEN h.expires_at > now() THEN h.hits + 1 ELSE 1 END,
            expires_at = CASE WHEN h.expires_at > now() THEN h.expires_at ELSE excluded.expires_at END
          RETURNING hits AS current, ceil(extract(epoch FROM expires_at - now()) * 1000)::integer AS ttl`,
        values: [createHmac("sha256", key()).update(name).digest(), windowMs],
      });
      return rows[0] ?? { current: 1, ttl: windowMs };
    },
    async sweep() {
      await database.query({ text: "DELETE FROM platform.hits WHERE expires_at < now()" });
    },
  };
}
