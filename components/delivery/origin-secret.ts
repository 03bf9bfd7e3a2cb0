import type * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

/** The header by which a content delivery network proves to its origin who it is. */
export const ORIGIN_HEADER = "X-Origin-Secret";

/** A secret between a content delivery network and its origin. */
export interface OriginSecret {
  /** What the network sends. */
  readonly current: pulumi.Output<string>;
  /** What the origin takes: the current one, and the one before, which requests under way may still bring. */
  readonly accepted: pulumi.Output<string>[];
}

/** The secret of a generation and that of the one before, as children of `opts.parent`, named `<name>-<generation>`. */
export function originSecret(name: string, generation: number, opts: pulumi.CustomResourceOptions): OriginSecret {
  // No special characters: in a listener rule * and ? stand for anything.
  const value = (of: number) => new RandomPassword(`${name}-${of}`, { length: 48, special: false }, opts).result;
  const current = value(generation);
  return { current, accepted: generation === 1 ? [current] : [current, value(generation - 1)] };
}
