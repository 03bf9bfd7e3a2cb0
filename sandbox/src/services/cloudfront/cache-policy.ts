import { randomUUID } from "node:crypto";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import type { Caching } from "../../plane/cdn/plan.ts";
import { between, type Limit, matching } from "../limits.ts";
import { CACHE_POLICY, invalidArgument, newEtag, requireFreeName } from "./names.ts";
import { selectionFault, selectionOf } from "./selections.ts";

const PARAMETERS = "parametersInCacheKeyAndForwardedToOrigin";
const FOREVER = 2_147_483_647;

/** The names of policies. */
export const policyName = matching(/^[A-Za-z0-9_-]{1,128}$/, "1 to 128 letters, digits, hyphens and underscores");

/** A limit of one selection within an input. */
export function selectionLimit(behavior: string, list: string, allowed: readonly string[]): Limit {
  return (value) => (isProps(value) ? selectionFault(value, behavior, list, allowed) : undefined);
}

/** What requests are known by, and how long answers are kept. Limits and defaults: CloudFront API Reference, CachePolicyConfig. */
export const cachePolicy: ResourceDefinition = {
  type: CACHE_POLICY,
  replaceOn: [],
  autoName: { property: "name", maxLength: 128 },
  defaults: { defaultTtl: 86_400, maxTtl: 31_536_000, minTtl: 0 },
  limits: {
    name: policyName,
    defaultTtl: between(0, FOREVER),
    maxTtl: between(0, FOREVER),
    minTtl: between(0, FOREVER),
    [`${PARAMETERS}.headersConfig`]: selectionLimit("headerBehavior", "headers", ["none", "whitelist"]),
    [`${PARAMETERS}.cookiesConfig`]: selectionLimit("cookieBehavior", "cookies", ["none", "whitelist", "allExcept", "all"]),
    [`${PARAMETERS}.queryStringsConfig`]: selectionLimit("queryStringBehavior", "queryStrings", [
      "none",
      "whitelist",
      "allExcept",
      "all",
    ]),
  },
  create: (operation) => {
    const { cloud, inputs } = operation;
    check(operation, "");
    const id = randomUUID();
    return {
      id,
      outputs: { arn: arn("cloudfront", "", cloud.account, `cache-policy/${id}`), etag: newEtag(), name: text(inputs, "name") },
    };
  },
  update: (operation, before) => {
    check(operation, before.id);
    return { etag: newEtag() };
  },
};

/** What an edge makes of a cache policy. */
export function cachingOf(inputs: Props): Caching {
  const [parameters = {}] = valuesAt(inputs, PARAMETERS).filter(isProps);
  return {
    minTtl: Number(inputs["minTtl"]),
    defaultTtl: Number(inputs["defaultTtl"]),
    maxTtl: Number(inputs["maxTtl"]),
    gzip: parameters["enableAcceptEncodingGzip"] === true,
    brotli: parameters["enableAcceptEncodingBrotli"] === true,
    query: selectionOf(parameters["queryStringsConfig"], "queryStringBehavior", "queryStrings"),
    headers: selectionOf(parameters["headersConfig"], "headerBehavior", "headers"),
    cookies: selectionOf(parameters["cookiesConfig"], "cookieBehavior", "cookies"),
  };
}

/** The least, usual and longest time must be in that order. */
export function requireTtlOrder(min: number, usual: number, max: number): void {
  if (min > usual || usual > max)
    throw new CloudError(
      "InvalidTTLOrder",
      `The order of your TTL values is invalid: minTtl ${String(min)}, defaultTtl ${String(usual)}, maxTtl ${String(max)} must not fall.`,
    );
}

function check({ cloud, inputs }: Operation, own: string): void {
  const name = text(inputs, "name");
  const taken = new CloudError(
    "CachePolicyAlreadyExists",
    `A cache policy with this name already exists: ${name}. You must provide a unique name.`,
    409,
  );
  requireFreeName(cloud, CACHE_POLICY, name, own, taken);
  const caching = cachingOf(inputs);
  requireTtlOrder(caching.minTtl, caching.defaultTtl, caching.maxTtl);
  const usesKey =
    [caching.query, caching.headers, caching.cookies].some(({ kind }) => kind !== "none") || caching.gzip || caching.brotli;
  // Source: CreateCachePolicy; without a cache there is no key.
  if (caching.maxTtl === 0 && usesKey)
    throw invalidArgument(
      "The parameters of the cache key cannot be set when caching is disabled (maxTtl is 0): all behaviours must be none, and no encoding enabled.",
    );
}
