import { closeSync, createReadStream, createWriteStream, mkdirSync, openSync, readSync, symlinkSync, writeSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import pg from "pg";
import tar from "tar-stream";

/** The two calls of node-postgres' connection that a query of our own needs (pg/lib/connection.js). */
interface Connection {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void };
}

/**
 * Writes a running server's data, with the write-ahead log that makes them consistent, into one tar file, by the server's own `BASE_BACKUP` command: what
 * `pg_basebackup --format=tar --wal-method=fetch` does (postgresql.org/docs/18/protocol-replication.html). It is on disk when this resolves.
 */
export async function baseBackup(connection: pg.ClientConfig, file: string): Promise<void> {
  // `replication` is a connection parameter that the type definitions lack.
  const client = new pg.Client({ ...connection, replication: "true" } as pg.ClientConfig);
  await client.connect();
  const archive = createWriteStream(file, { mode: 0o600, flush: true });
  try {
    await Promise.all([stream(client, archive), finished(archive)]);
  } finally {
    archive.destroy();
    await client.end();
  }
}

/** Feeds the archive inside the copy stream to `archive`, and holds the server back while the disk is behind. */
function stream(client: pg.Client, archive: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    let connection: Connection | undefined;
    const fail = (error: Error): void => {
      archive.destroy(error);
      reject(error);
    };
    archive.on("drain", () => connection?.stream.resume());
    archive.once("error", reject);
    client.once("error", fail);
    const query = {
      submit(to: Connection) {
        connection = to;
        // All the log that is needed comes with it, so the archive is not waited for.
        to.query("BASE_BACKUP (LABEL 'sandbox', CHECKPOINT 'fast', WAL true, WAIT false, MANIFEST 'no')");
      },
      handleCopyData({ chunk }: { chunk: Buffer }) {
        // The first byte tells what it is: n names the next archive (there is one: no tablespaces), d is a part of it, m the manifest, p progress.
        if (chunk[0] !== 0x64) return;
        // Copied, because node-postgres uses the chunk's memory again while the archive still waits for the disk.
        if (!archive.write(Buffer.from(chunk.subarray(1)))) connection?.stream.pause();
      },
      handleError: fail,
      handleReadyForQuery() {
        archive.end();
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

/** Unpacks a base backup into a folder, which must exist. */
export async function unpackBackup(file: string, destination: string): Promise<void> {
  const extract = tar.extract();
  await Promise.all([pipeline(createReadStream(file), extract), unpack(extract, destination)]);
}

async function unpack(extract: tar.Extract, destination: string): Promise<void> {
  for await (const entry of extract) {
    const { name, type, linkname } = entry.header;
    const target = join(destination, normalize(`/${name}`));
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    if (type === "directory") mkdirSync(target, { recursive: true, mode: 0o700 });
    else if (type === "symlink" && typeof linkname === "string") symlinkSync(linkname, target);
    else {
      const descriptor = openSync(target, "w", 0o600);
      // Most of the thousand files are of some kilobytes: a stream for each would take longer than the writing.
      for await (const chunk of entry) writeSync(descriptor, chunk as Buffer);
      closeSync(descriptor);
      continue;
    }
    entry.resume();
  }
}

/** The first segment of the log that a restore of this base backup reads, such as `000000010000000000000002`. */
export function firstSegment(file: string): string {
  // The label is the archive's first file: a header of 512 bytes, then its text.
  const head = Buffer.alloc(1024);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, head);
  } finally {
    closeSync(descriptor);
  }
  const segment = /START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)/.exec(head.toString("latin1"))?.[1];
  if (segment === undefined) throw new Error(`${file} is not a base backup: it does not begin with a backup label`);
  return segment;
}
