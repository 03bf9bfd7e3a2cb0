import type { Rule } from "./rules.ts";

/** What stands behind a firewall. */
export interface Protected {
  /** As logs call it. */
  readonly kind: "ALB" | "CF";
  /** Such as `123456789012-app/web/50dc6c495c0c9188`, or the id of a distribution. */
  readonly id: string;
}

/** What became of a request, for logs. */
export interface Outcome {
  readonly action: "ALLOW" | "BLOCK";
  /** The rule that decided. @default - the default action did */
  readonly by?: Rule;
  /** The rule of the group that was met. @default - none */
  readonly inGroup?: string;
  /** Rules that only counted. */
  readonly counted: readonly string[];
  readonly labels: readonly string[];
  readonly insert: Readonly<Record<string, string>>;
  /** What the client is told in place of a usual 403. @default - that */
  readonly status?: number;
}
