import type { Cloud } from "../../core/cloud.ts";

/** Work that takes its time, such as a program's start: one piece at a time for each instance. It is forgotten with the daemon, and begun again by the next look. */
export class Tasks {
  private readonly note: Cloud["note"];
  private readonly under = new Map<string, Promise<void>>();

  constructor(note: Cloud["note"]) {
    this.note = note;
  }

  /** Begins the work, unless some is under way under the same key. A failure is noted. */
  begin(key: string, work: () => Promise<void>): void {
    if (this.under.has(key)) return;
    const done = work()
      .catch((error: unknown) => {
        this.note(`Auto Scaling failed on ${key}: ${error instanceof Error ? error.message : String(error)}`);
      })
      .finally(() => this.under.delete(key));
    this.under.set(key, done);
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.under.size > 0) await Promise.all(this.under.values());
  }
}
