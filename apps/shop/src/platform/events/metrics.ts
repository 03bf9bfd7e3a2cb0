import { Gauge, type Registry } from "prom-client";
import { remembered } from "../remembered.ts";
import type { Outbox } from "./outbox.ts";

const SAME_READING_MS = 500;

/** Tells of every outbox how much is on its way and for how long: what stays there, some listener cannot take. */
export function observeOutboxes(registry: Registry, outboxes: readonly Outbox[]): void {
  // Without the database the other metrics are all the more wanted.
  const backlogs = outboxes.map((outbox) => ({
    module: outbox.schema,
    read: remembered(SAME_READING_MS, () => outbox.backlog().catch(() => undefined)),
  }));
  const gauge = (name: string, help: string, field: "events" | "oldestSeconds"): void => {
    new Gauge({
      name,
      help: `${help} Every process tells the same: take the maximum.`,
      labelNames: ["module"],
      registers: [registry],
      async collect() {
        this.reset();
        for (const { module, read } of backlogs) {
          const backlog = await read();
          if (backlog !== undefined) this.set({ module }, backlog[field]);
        }
      },
    });
  };
  gauge("outbox_events", "Events that are not delivered yet.", "events");
  gauge("outbox_oldest_seconds", "How long the oldest event has been undelivered.", "oldestSeconds");
}
