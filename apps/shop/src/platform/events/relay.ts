import type { Bell } from "../bell.ts";
import type { Log } from "../log.ts";
import type { Subscription } from "./event.ts";
import type { Outbox, Outgoing } from "./outbox.ts";

/** What the relay is made with. */
export interface RelayNeeds {
  readonly outboxes: readonly Outbox[];
  readonly subscriptions: readonly Subscription[];
  /** Rings when this process has written an event. */
  readonly bell: Bell;
  readonly log: Log;
  /** Between two questions for events of other processes. @default 1000 */
  readonly pollMs?: number;
  /** How long the events of a relay that died stay undelivered. @default 30000 */
  readonly leaseMs?: number;
  /** The longest pause after a failed delivery. @default 60000 */
  readonly mostPauseMs?: number;
}

/** Events delivered at a time: each costs a connection for a moment. */
const AT_ONCE = 8;
const FIRST_PAUSE_MS = 500;

/**
 * Delivers the events of all outboxes to their listeners until the signal, each at least once: an event leaves its outbox after every listener has heard of it, and a
 * relay may die between the two. What fails is tried again, with growing pauses and without an end, because the event did happen.
 */
export async function relay(needs: RelayNeeds, signal: AbortSignal): Promise<void> {
  const { outboxes, bell, log, pollMs = 1_000 } = needs;
  while (!signal.aborted) {
    let delivered = 0;
    for (const outbox of outboxes)
      delivered += await relayOnce(needs, outbox).catch((error: unknown) => {
        log.error(error, { outbox: outbox.schema });
        return 0;
      });
    if (delivered === 0) await bell.wait(pollMs, signal);
  }
}

/** Delivers some events of an outbox. Returns how many were claimed. */
async function relayOnce(needs: RelayNeeds, outbox: Outbox): Promise<number> {
  const { subscriptions, leaseMs = 30_000 } = needs;
  const names = [...new Set(subscriptions.map(({ event }) => event))];
  const events = await outbox.claim(names, AT_ONCE, leaseMs);
  if (events.length === 0) return 0;
  const outcomes = await Promise.all(events.map((event) => deliver(needs, outbox, event)));
  const delivered = events.filter((_event, index) => outcomes[index] === true).map(({ id }) => id);
  if (delivered.length > 0) await outbox.remove(delivered);
  return events.length;
}

/** Whether all listeners have heard of it. */
async function deliver(needs: RelayNeeds, outbox: Outbox, event: Outgoing): Promise<boolean> {
  const { subscriptions, log, mostPauseMs = 60_000 } = needs;
  const failures = (
    await Promise.all(
      subscriptions
        .filter((subscription) => subscription.event === event.name)
        .map(async (subscription) => {
          try {
            await subscription.deliver(event);
            return false;
          } catch (error) {
            log.error(error, {
              event_id: event.id,
              event_name: event.name,
              listener: subscription.listener,
              attempt: event.attempts,
            });
            return true;
          }
        }),
    )
  ).includes(true);
  if (failures)
    await outbox.postpone(event.id, Math.random() * Math.min(mostPauseMs, FIRST_PAUSE_MS * 2 ** (event.attempts - 1)));
  return !failures;
}
