/** What became of a request, for metrics. */
export interface Answered {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the client was told; undefined where it did not wait for an answer. */
  readonly status: number | undefined;
  readonly kind: "forward" | "redirect" | "fixed" | "refused";
  /** The group that it was for. @default - none */
  readonly group?: string;
  /** The target that it was for. @default - none could be chosen */
  readonly target?: { readonly id: string; readonly port: number; readonly zone: string };
  /** What the target said. @default - it said nothing */
  readonly targetStatus?: number;
  /** From the moment it was passed on until the target began to answer. @default - it said nothing */
  readonly targetSeconds?: number;
  /** Whether no connection to the target stood. @default false */
  readonly unconnected?: boolean;
}
