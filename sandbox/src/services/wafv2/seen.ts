import type { Asked } from "../../plane/load-balancer/request.ts";

/** A request on its way through the rules. */
export interface Seen {
  readonly asked: Asked;
  /** Put on it by the rules before. */
  readonly labels: Set<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether a statement is true of a request. */
export type Matcher = (seen: Seen) => boolean;
