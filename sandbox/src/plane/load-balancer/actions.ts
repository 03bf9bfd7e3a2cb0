import type { Redirect } from "./redirect.ts";
import type { Asked } from "./request.ts";
import type { TargetGroup } from "./target-group.ts";

/** How long a client stays with the target that it was given, and how that is told. */
export type Stickiness =
  | { readonly kind: "load balancer"; readonly ms: number }
  /** Beside a cookie of the application, and only while it sets or brings that. */
  | { readonly kind: "application"; readonly ms: number; readonly cookie: string };

/** A group with its share of a rule's requests. */
export interface WeightedGroup {
  readonly group: TargetGroup;
  /** Relative to the other groups of the rule; 0 gets nothing. */
  readonly weight: number;
  /** @default - each request goes to the target whose turn it is */
  readonly stickiness?: Stickiness;
}

/** What is done with a request. */
export type Action =
  | {
      readonly kind: "forward";
      readonly groups: readonly WeightedGroup[];
      /** How long a client stays with the group that it was given, in milliseconds. @default - each request is shared out anew */
      readonly stickyMs?: number;
    }
  | ({ readonly kind: "redirect" } & Redirect)
  | { readonly kind: "fixed"; readonly status: number; readonly contentType: string; readonly body: string };

/** A rule of a listener: the first that matches decides. */
export interface Rule {
  /** Smaller ones are tried first. */
  readonly priority: number;
  readonly matches: (asked: Asked) => boolean;
  readonly action: Action;
}
