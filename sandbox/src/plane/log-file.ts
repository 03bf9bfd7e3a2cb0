import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Enough for a day of a busy process; the part before it is kept once. */
const ROTATE_BYTES = 8 * 1024 * 1024;

/** A log that never takes more than twice its limit: when full, it becomes `<file>.1`. */
export class LogFile {
  private readonly file: string;
  private readonly limit: number;
  private descriptor: number | undefined;
  private size = 0;

  constructor(file: string, limit = ROTATE_BYTES) {
    this.file = file;
    this.limit = limit;
  }

  /** Appends text as it is. Throws what the system says, such as ENOSPC on a full disk. */
  write(text: string): void {
    if (this.descriptor === undefined) {
      mkdirSync(dirname(this.file), { recursive: true });
      this.descriptor = openSync(this.file, "a", 0o600);
      this.size = fstatSync(this.descriptor).size;
    }
    this.size += writeSync(this.descriptor, text);
    if (this.size >= this.limit) {
      this.close();
      renameSync(this.file, `${this.file}.1`);
    }
  }

  /** Lets go of the file; the next write opens it again. */
  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/**
 * The last whole lines of a log, oldest first, with those of the part before it where the log is too short; undefined if nothing was ever written.
 * A line that a rotation has cut in two is whole again.
 */
export function lastLines(file: string, count: number): string[] | undefined {
  const textOf = (part: string): string => (existsSync(part) ? readFileSync(part, "utf8") : "");
  if (!existsSync(file) && !existsSync(`${file}.1`)) return undefined;
  const newest = textOf(file);
  const lines = newest.split("\n").slice(0, -1);
  // The first line may have begun in the part before.
  const known = lines.length > count ? lines : `${textOf(`${file}.1`)}${newest}`.split("\n").slice(0, -1);
  return known.slice(Math.max(0, known.length - count));
}
