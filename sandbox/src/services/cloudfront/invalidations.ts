import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import type { Space } from "../../core/world.ts";
import { edgesOf } from "./edges.ts";
import { cloudfrontId, DISTRIBUTION, invalidArgument } from "./names.ts";

/** A batch of paths that were forgotten. */
export type Invalidation = {
  id: string;
  distribution: string;
  caller: string;
  paths: string[];
  /** Milliseconds since the epoch. */
  created: number;
};

/** Paths that may be on their way at once, and those of them that end in `*`. Source: CloudFront developer guide, "Quotas". */
const MOST_PATHS = 3000;
const MOST_WILDCARDS = 15;

/** Forgets these paths; who says it twice with one reference gets the first one again. Throws in CloudFront's words. */
export async function createInvalidation(
  cloud: Cloud,
  distribution: string,
  caller: string,
  paths: readonly string[],
): Promise<Invalidation> {
  requireDistributionRow(cloud, distribution);
  if (caller === "") throw invalidArgument("The parameter CallerReference is required.");
  const bad = paths.find((path) => !path.startsWith("/") || path.slice(0, -1).includes("*") || /\s/.test(path));
  if (bad !== undefined || paths.length === 0)
    throw invalidArgument(
      `Your request contains one or more invalid invalidation paths.${bad === undefined ? "" : ` A path begins with a slash and has an asterisk at its end only, got ${bad}.`}`,
    );
  if (paths.length > MOST_PATHS || paths.filter((path) => path.endsWith("*")).length > MOST_WILDCARDS)
    throw new CloudError(
      "TooManyInvalidationsInProgress",
      "You have exceeded the maximum number of allowable InProgress invalidation batch requests, or invalidation objects.",
    );
  const known = invalidationsOf(cloud, distribution).find((one) => one.caller === caller);
  if (known !== undefined) {
    if (JSON.stringify(known.paths) === JSON.stringify(paths)) return known;
    throw invalidArgument("The caller reference that you specified was used for another invalidation.");
  }
  const made: Invalidation = { id: `I${cloudfrontId().slice(1)}`, distribution, caller, paths: [...paths], created: cloud.now() };
  space(cloud).set(`${distribution} ${String(made.created).padStart(15, "0")} ${made.id}`, made);
  await edgesOf(cloud).invalidate(distribution, paths);
  return made;
}

/** The invalidations of a distribution, the newest first. */
export function invalidationsOf(cloud: Cloud, distribution: string): Invalidation[] {
  return space(cloud)
    .entries(`${distribution} `)
    .map(([, one]) => one)
    .reverse();
}

/** Forgets them with their distribution. */
export function forgetInvalidations(cloud: Cloud, distribution: string): void {
  for (const [key] of space(cloud).entries(`${distribution} `)) space(cloud).delete(key);
}

/** Throws `NoSuchDistribution`. */
export function requireDistributionRow(cloud: Cloud, id: string): void {
  if (cloud.world.get(DISTRIBUTION, id) === undefined)
    throw new CloudError("NoSuchDistribution", "The specified distribution does not exist.", 404);
}

function space(cloud: Cloud): Space<Invalidation> {
  return cloud.world.space<Invalidation>("cloudfront-invalidations");
}
