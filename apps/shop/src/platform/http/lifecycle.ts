/** Where the process is between its start and its end. */
export type Phase = "starting" | "serving" | "draining";

/** The process's phase, and why it does not serve. */
export interface Lifecycle {
  readonly phase: Phase;
  /** Why it is not serving, for people; empty while it serves. */
  readonly reason: string;
  /** A new reason while starting. */
  waitFor(reason: string): void;
  serve(): void;
  drain(): void;
}

export function createLifecycle(): Lifecycle {
  let phase: Phase = "starting";
  let reason = "starting";
  return {
    get phase() {
      return phase;
    },
    get reason() {
      return reason;
    },
    waitFor: (why) => {
      if (phase === "starting") reason = why;
    },
    serve: () => {
      if (phase !== "starting") return;
      phase = "serving";
      reason = "";
    },
    drain: () => {
      phase = "draining";
      reason = "shutting down";
    },
  };
}
