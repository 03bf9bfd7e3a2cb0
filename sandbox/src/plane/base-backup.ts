import { createWriteStream, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import tar from "tar-stream";

/** The two calls of node-postgres' connection that a query of our own needs (pg/lib/connection.js). */
interface Connection {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void };
}

/**
 * Copies a running server's data directory into `destination` (which must exist), with the write-ahead log that makes it consistent, by the server's own
 * `BASE_BACKUP` command: what pg_basebackup does (postgresql.org/docs/18/protocol-replication.html).
 */
export async function baseBackup(connection: pg.ClientConfig, destination: string): Promise<void> {
  // `replication` is a connection parameter that the type definitions lack.
  const client = new pg.Client({ ...connection, replication: "true" } as pg.ClientConfig);
  await client.connect();
  const extract = tar.extract();
  const unpacked = unpack(extract, destination);
  try {
    await Promise.all([stream(client, extract), unpacked]);
  } finally {
    await client.end();
  }
}

/** Feeds the archive inside the copy stream to `extract`, and holds the server back while the disk is behind. */
function stream(client: pg.Client, extract: tar.Extract): Promise<void> {
  return new Promise((resolve, reject) => {
    let connection: Connection | undefined;
    const fail = (error: Error): void => {
      extract.destroy(error);
      reject(error);
    };
    extract.on("drain", () => connection?.stream.resume());
    client.once("error", fail);
    const query = {
      submit(to: Connection) {
        connection = to;
        to.query("BASE_BACKUP (LABEL 'sandbox', CHECKPOINT 'fast', WAL true, WAIT false, MANIFEST 'no')");
      },
      handleCopyData({ chunk }: { chunk: Buffer }) {
        // The first byte tells what it is: n names the next archive, d is a part of it, m the manifest, p progress.
        if (chunk[0] !== 0x64) return;
        // Copied, because node-postgres uses the chunk's memory again while the archive still waits for the disk.
        if (!extract.write(Buffer.from(chunk.subarray(1)))) connection?.stream.pause();
      },
      handleError: fail,
      handleReadyForQuery() {
        extract.end(undefined);
        resolve();
      },
      handleRowDescription: ignore,
      handleDataRow: ignore,
      handleCommandComplete: ignore,
      handleCopyInResponse: ignore,
      handleEmptyQuery: ignore,
      handlePortalSuspended: ignore,
    };
    client.query(query as unknown as pg.Submittable);
  });
}

function ignore(): void {
  // Carries nothing that a backup needs.
}

async function unpack(extract: tar.Extract, destination: string): Promise<void> {
  for await (const entry of extract) {
    const { name, type, linkname } = entry.header;
    const target = join(destination, normalize(`/${name}`));
    if (type === "directory") mkdirSync(target, { recursive: true, mode: 0o700 });
    else if (type === "symlink" && typeof linkname === "string") symlinkSync(linkname, target);
    else {
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
      await pipeline(entry, createWriteStream(target, { mode: 0o600 }));
      continue;
    }
    entry.resume();
  }
}
