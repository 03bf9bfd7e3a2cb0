import type { ServerResponse } from "node:http";
import type { PageContent, PageLog } from "./page.ts";

/** What pages show at one moment: the same parts for all, and the log that each of them follows. */
export interface LivePage extends PageContent {
  readonly log: (process: string | undefined) => PageLog | undefined;
}

interface Listener {
  readonly response: ServerResponse;
  readonly log: string | undefined;
  /** What the page shows already, by the id of the element. */
  readonly shown: Map<string, string>;
  /** For how many ticks nothing was written to it. */
  quietTicks: number;
}

/** A word now and then keeps the connection open, and finds out who has gone. */
const QUIET_TICKS = 15;

/** Server-sent events: each open page is sent the parts that have changed. Looks at the world only while somebody does. */
export class LiveStreams {
  private readonly look: () => LivePage;
  private readonly everyMilliseconds: number;
  private readonly listeners = new Set<Listener>();
  private timer: NodeJS.Timeout | undefined;

  constructor(look: () => LivePage, everyMilliseconds: number) {
    this.look = look;
    this.everyMilliseconds = everyMilliseconds;
  }

  /** Sends everything once, and from then on what changes, until the page is closed. */
  open(response: ServerResponse, log: string | undefined, headers: Readonly<Record<string, string>>): void {
    const listener: Listener = { response, log, shown: new Map(), quietTicks: 0 };
    response.writeHead(200, headers);
    response.on("close", () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    });
    this.listeners.add(listener);
    this.tellAll([listener]);
    this.timer ??= setInterval(() => this.tellAll([...this.listeners]), this.everyMilliseconds).unref();
  }

  /** Ends every stream; the pages come back when there is a server again. */
  endAll(): void {
    for (const { response } of this.listeners) response.end();
    this.rest();
  }

  private rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** A world that cannot be read must not end the daemon: the pages are cut off, say so, and come back. */
  private tellAll(listeners: readonly Listener[]): void {
    try {
      const now = this.look();
      for (const listener of listeners) tell(listener, now);
    } catch {
      for (const { response } of listeners) response.destroy();
    }
  }
}

function tell(listener: Listener, now: LivePage): void {
  const { response, shown } = listener;
  // A page that does not read (a laptop asleep) must not pile up news in the daemon's memory; it gets the newest when it does.
  if (response.writableNeedDrain) return;
  const events = Object.entries(now.parts).flatMap(([id, { markup }]) => {
    if (shown.get(id) === markup) return [];
    shown.set(id, markup);
    return [event("part", { id, html: markup })];
  });
  const log = now.log(listener.log);
  if (log !== undefined && shown.get("log") !== log.text) {
    shown.set("log", log.text);
    events.push(event("log", log));
  }
  listener.quietTicks = events.length > 0 ? 0 : listener.quietTicks + 1;
  if (listener.quietTicks >= QUIET_TICKS) {
    events.push(": still here\n\n");
    listener.quietTicks = 0;
  }
  if (events.length > 0) response.write(events.join(""));
}

/** JSON has no line breaks, so one `data` line holds it. */
function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
