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

  /** Appends text as it is. */
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

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** The last lines of a log, oldest first, with those of the part before it where the log is too short; undefined if nothing was ever written. */
export function lastLines(file: string, count: number): string[] | undefined {
  const linesOf = (part: string): string[] => (existsSync(part) ? readFileSync(part, "utf8").split("\n").slice(0, -1) : []);
  if (!existsSync(file) && !existsSync(`${file}.1`)) return undefined;
  const lines = linesOf(file);
  return [...(lines.length < count ? linesOf(`${file}.1`) : []), ...lines].slice(-count);
}
