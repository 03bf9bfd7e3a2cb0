import pc from "picocolors";

/** Where long work says what it is doing. */
export interface Progress {
  /** A new step has begun. Shown once, on its own line. */
  step(text: string): void;
  /** How far the step is; on a terminal the line is rewritten, elsewhere one line comes every 15 s. */
  detail(text: string): void;
  /** The step is over. */
  done(): void;
}

/** Says nothing. */
export const silent: Progress = { step: () => undefined, detail: () => undefined, done: () => undefined };

const QUIET_INTERVAL_MS = 15_000;

/** Progress on a stream (stderr unless told otherwise), with the seconds since the step began. */
export function streamProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let title = "";
  let begun = 0;
  let said = 0;
  let latest = "";
  let ticker: NodeJS.Timeout | undefined;

  const show = (): void => {
    const seconds = Math.round((Date.now() - begun) / 1000);
    const line = `  ${title} ${pc.dim(`${String(seconds)} s${latest === "" ? "" : `, ${latest}`}`)}`;
    if (stream.isTTY) {
      stream.write(`\r\u001b[2K${line.slice(0, stream.columns + 20)}`);
    } else if (Date.now() - said >= QUIET_INTERVAL_MS) {
      said = Date.now();
      stream.write(`${line}\n`);
    }
  };
  const done = (): void => {
    if (ticker === undefined) return;
    clearInterval(ticker);
    ticker = undefined;
    if (stream.isTTY) stream.write("\r\u001b[2K");
  };
  return {
    step(text) {
      done();
      [title, begun, said, latest] = [text, Date.now(), Date.now(), ""];
      stream.write(`${text}\n`);
      ticker = setInterval(show, 1000).unref();
    },
    detail(text) {
      latest = text;
    },
    done,
  };
}
