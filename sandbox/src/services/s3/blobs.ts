import { createHash, randomUUID } from "node:crypto";
import { createReadStream, type ReadStream } from "node:fs";
import { link, mkdir, open, readdir, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** A stored run of bytes. Blobs are never changed: an object's record names the ones it is made of. */
export type Blob = { id: string; size: number };

/** A blob just written, with the hash its ETag is made of. */
export interface WrittenBlob extends Blob {
  /** MD5 in hexadecimal digits. */
  readonly md5: string;
}

// Written but not yet named by a record: the sweep must not take them.
const unclaimed = new Set<string>();
// How many reads a blob is in, and those that go when their last read ends: an answer that has begun is whole, whatever happens to its object.
const reads = new Map<string, number>();
const doomed = new Set<string>();

/** Writes a stream to a new blob; resolves when it is on disk. A failed write leaves nothing. */
export async function writeBlob(home: string, chunks: AsyncIterable<Uint8Array>): Promise<WrittenBlob> {
  const id = randomUUID();
  unclaimed.add(id);
  const md5 = createHash("md5");
  let size = 0;
  const folder = await folderOf(home, id);
  const file = await open(pathOf(home, id), "wx", 0o600);
  try {
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      md5.update(chunk);
      size += chunk.length;
    }
    await file.sync();
  } catch (error) {
    await file.close();
    await removeBlobs(home, [id]);
    throw error;
  }
  await file.close();
  await syncFolder(folder);
  return { id, size, md5: md5.digest("hex") };
}

/** A second name for the same bytes, for a copy; resolves when it is on disk. */
export async function copyBlob(home: string, blob: Blob): Promise<Blob> {
  const id = randomUUID();
  unclaimed.add(id);
  const folder = await folderOf(home, id);
  await link(pathOf(home, blob.id), pathOf(home, id));
  await syncFolder(folder);
  return { id, size: blob.size };
}

/** Says that a record now names these blobs. */
export function claimBlobs(blobs: readonly Blob[]): void {
  for (const { id } of blobs) unclaimed.delete(id);
}

/** Keeps blobs on disk while they are read or copied; call what it returns when that is over. */
export function holdBlobs(home: string, blobs: readonly Blob[]): () => Promise<void> {
  for (const { id } of blobs) reads.set(id, (reads.get(id) ?? 0) + 1);
  return async () => {
    for (const { id } of blobs) {
      const left = (reads.get(id) ?? 1) - 1;
      if (left > 0) reads.set(id, left);
      else {
        reads.delete(id);
        if (doomed.delete(id)) await removeBlobs(home, [id]);
      }
    }
  };
}

/** Streams the bytes `start` to `end` (both included) of a blob. */
export function readBlob(home: string, id: string, start: number, end: number): ReadStream {
  return createReadStream(pathOf(home, id), { start, end });
}

/** Deletes blobs, held ones at the end of their last read; ones that are gone are fine. */
export async function removeBlobs(home: string, ids: Iterable<string>): Promise<void> {
  for (const id of ids) {
    unclaimed.delete(id);
    if (reads.has(id)) doomed.add(id);
    else await rm(pathOf(home, id), { force: true });
  }
}

/** Deletes what no record names: the rest of writes that a kill cut off. */
export async function sweepBlobs(home: string, named: ReadonlySet<string>): Promise<number> {
  let swept = 0;
  for (const folder of await readdir(join(home, "objects"), { withFileTypes: true }).catch(() => [])) {
    if (!folder.isDirectory()) continue;
    for (const id of await readdir(join(home, "objects", folder.name))) {
      if (named.has(id) || unclaimed.has(id) || reads.has(id)) continue;
      await rm(join(home, "objects", folder.name, id), { force: true });
      swept++;
    }
  }
  return swept;
}

function pathOf(home: string, id: string): string {
  return join(home, "objects", id.slice(0, 2), id);
}

async function folderOf(home: string, id: string): Promise<string> {
  const folder = join(home, "objects", id.slice(0, 2));
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(join(home, "objects"));
  return folder;
}

/** A new name in a folder survives a power cut only once the folder itself is on disk. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, "r");
    await folder.sync();
  } finally {
    await folder?.close();
  }
}
