import type { z } from "zod";

/** A kind of thing that happens in one module and that others want to know of. */
export interface EventType<Data> {
  /** What happened, in words joined by hyphens, such as `order-placed`. Never changed while somebody listens. */
  readonly name: string;
  /** What is told of it. Only ever added to: events of the version before are still on their way during a deployment. */
  readonly data: z.ZodType<Data>;
}

/** One thing that happened. */
export interface Event<Data = unknown> {
  /** The same each time that it is delivered. */
  readonly id: string;
  readonly at: Date;
  readonly data: Data;
}

/** Somebody who wants to know. */
export interface Subscription {
  /** The event's name. */
  readonly event: string;
  /** Names the listener in the log. */
  readonly listener: string;
  /** Hears of it at least once, perhaps several times, in no particular order. Throws when it must hear of it again. */
  deliver(event: Event): Promise<void>;
}

/** Has `listener` called for every event of a type, with its data checked. It must bear being called twice for one event, also at once. */
export function on<Data>(type: EventType<Data>, listener: string, hear: (event: Event<Data>) => Promise<unknown>): Subscription {
  return {
    event: type.name,
    listener,
    async deliver(event) {
      await hear({ ...event, data: type.data.parse(event.data) });
    },
  };
}
