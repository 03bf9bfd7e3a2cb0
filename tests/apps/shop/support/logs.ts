import { createLog, type Log } from "../../../../apps/shop/src/platform/log.ts";

/** A log that writes nowhere. */
export const silentLog: Log = createLog("error", () => undefined);

/** A log and what was written to it. */
export interface RecordedLog {
  readonly log: Log;
  /** Everything as it was written. */
  readonly text: () => string;
  /** The lines, parsed. */
  readonly lines: () => Record<string, unknown>[];
}

/** Records every line from level debug on. */
export function recordedLog(): RecordedLog {
  let written = "";
  const log = createLog("debug", (text) => (written += text));
  const text = (): string => {
    log.flush();
    return written;
  };
  return {
    log,
    text,
    lines: () =>
      text()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
