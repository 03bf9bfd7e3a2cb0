import { activeTraceId } from "./tracing/spans.ts";

/** Levels, from the chattiest. */
const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** What a line tells beside its time, level and event. Never a whole request, body or error object: name what is needed. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where finished lines go. */
export type Sink = (text: string) => void;

/** Writes one JSON object a line. */
export interface Log {
  /** A line at a level. Text in it is cleaned of secrets and e-mail addresses. */
  write(level: Level, event: string, fields?: Fields): void;
  /** An error with its stack, as `event: "error"`. */
  error(error: unknown, fields?: Fields): void;
  /** A request line: the hot path, so its fields must hold nothing that a client chose. */
  request(fields: { method: string; route: string; status: number; ms: number; trace_id: string }): void;
  /** From now on this text appears in no line. */
  conceal(secret: string): void;
  /** Writes what is still held back. */
  flush(): void;
}

const EMAIL = /[^\s"'<>()[\]=:,;/]+@[^\s"'<>()[\]=:,;/]+/g;
const PASSWORD_IN_URL = /\/\/[^\s/@:]*:[^\s/@]*@/g;

/** Requests' lines wait so long for others: under load one write then carries hundreds of them. */
const GATHER_MS = 20;

/** A log whose lines are written together: those of requests for a moment, all others at the end of this turn of the event loop. */
export function createLog(least: Level, sink: Sink = (text) => void process.stdout.write(text)): Log {
  const from = LEVELS.indexOf(least);
  const secrets = new Set<string>();
  let held = "";
  let timer: NodeJS.Timeout | undefined;
  let clock = { at: 0, text: "" };

  /** Under load many lines have the same millisecond. */
  const time = (): string => {
    const at = Date.now();
    if (at !== clock.at) clock = { at, text: new Date(at).toISOString() };
    return clock.text;
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const text = held;
    held = "";
    if (text !== "") sink(text);
  };
  const clean = (text: string): string => {
    let cleaned = text;
    for (const secret of secrets) cleaned = cleaned.replaceAll(secret, "[secret]");
    return cleaned.replace(PASSWORD_IN_URL, "//[secret]@").replace(EMAIL, "[address]");
  };
  const write = (level: Level, event: string, fields: Fields = {}): void => {
    if (LEVELS.indexOf(level) < from) return;
    const trace = activeTraceId();
    const told = trace === undefined || "trace_id" in fields ? fields : { ...fields, trace_id: trace };
    const cleaned = Object.entries(told).map(([name, value]) => [name, typeof value === "string" ? clean(value) : value]);
    held += `${JSON.stringify({ time: time(), level, event, ...Object.fromEntries(cleaned) })}\n`;
    setImmediate(flush);
  };

  return {
    write,
    error: (error, fields = {}) => write("error", "error", { ...describe(error), ...fields }),
    request: ({ method, route, status, ms, trace_id }) => {
      if (from > 1) return;
      timer ??= setTimeout(flush, GATHER_MS);
      held +=
        `{"time":"${time()}","level":"info","event":"request","method":"${method}","route":${JSON.stringify(route)},` +
        `"status":${status},"ms":${ms},"trace_id":"${trace_id}"}\n`;
    },
    conceal: (secret) => {
      // A very short text would eat harmless words; our secrets are long.
      if (secret.length >= 6) secrets.add(secret);
    },
    flush,
  };
}

/** What an error says of itself. Values that a driver puts beside its message (`detail`, `parameters`) stay out: they are the customer's data. */
function describe(error: unknown): Fields {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const cause = error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined;
  return {
    name: error.name,
    message: error.message,
    code: typeof code === "string" ? code : undefined,
    constraint: typeof constraint === "string" ? constraint : undefined,
    table: typeof table === "string" ? table : undefined,
    cause,
    stack: error.stack,
  };
}
