/** Something that happened in the sandbox, in words for people. */
export interface SandboxEvent {
  /** Counts up from 1, for as long as the daemon lives. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

/** How many events are kept: a few hours of a busy sandbox. */
const KEPT = 1000;

/** What happened last, oldest first, with the oldest forgotten. */
export class Events {
  private readonly kept: SandboxEvent[] = [];
  private readonly now: () => number;
  private seq = 0;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  add(message: string): void {
    this.kept.push({ seq: ++this.seq, at: this.now(), message });
    if (this.kept.length > KEPT) this.kept.shift();
  }

  /** The events after that number; all that are kept for 0. */
  after(seq: number): readonly SandboxEvent[] {
    return this.kept.filter((event) => event.seq > seq);
  }
}
