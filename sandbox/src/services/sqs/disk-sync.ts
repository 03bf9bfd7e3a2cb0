import { type FileHandle, open } from "node:fs/promises";

/**
 * Brings what SQLite has written to its log onto the disk itself, off the event loop: one turn of the disk serves all who wait for it, and nothing else has to stand
 * still meanwhile, as it would with `synchronous = FULL`. A log that is cut off by a loss of power is good up to what was brought there (SQLite, "Write-Ahead
 * Logging": frames have checksums).
 */
export class DiskSync {
  private readonly file: string;
  private handle: Promise<FileHandle> | undefined;
  private running: Promise<void> = Promise.resolve();
  private waiting: Promise<void> | undefined;

  /** `file` is the log: the database's name and `-wal`. */
  constructor(file: string) {
    this.file = file;
  }

  /** Resolves when all that was written before this call is on the disk. Rejects as the disk does. */
  settle(): Promise<void> {
    // One that has not begun yet will take this along.
    this.waiting ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.waiting = undefined;
        this.running = this.sync();
        return this.running;
      });
    return this.waiting;
  }

  /** Lets go of the file. */
  close(): void {
    const { handle } = this;
    this.handle = undefined;
    void this.running.catch(() => undefined).then(async () => (await handle?.catch(() => undefined))?.close());
  }

  private async sync(): Promise<void> {
    this.handle ??= open(this.file, "r+");
    try {
      await (await this.handle).datasync();
    } catch (error) {
      // Another call opens it anew.
      this.handle = undefined;
      throw error;
    }
  }
}
