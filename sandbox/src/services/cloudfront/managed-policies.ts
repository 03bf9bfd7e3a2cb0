import type { AnswerHeaders, Caching, Forwarding } from "../../plane/cdn/plan.ts";
import { NOTHING } from "./selections.ts";

const ALL = { kind: "all", names: [] } as const;
const only = (...names: string[]) => ({ kind: "only", names }) as const;
const DAY = 24 * 60 * 60;
const YEAR = 365 * DAY;

/** Cache policies of AWS's own, by id. Source: CloudFront developer guide, "Use managed cache policies". */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, Caching>> = {
  // CachingOptimized
  "658327ea-f89d-4fab-a63d-7e88639e58f6": {
    ...{ minTtl: 1, defaultTtl: DAY, maxTtl: YEAR, gzip: true, brotli: true },
    ...{ query: NOTHING, headers: NOTHING, cookies: NOTHING },
  },
  // CachingOptimizedForUncompressedObjects
  "b2884449-e4de-46a7-ac36-70bc7f1ddd6d": {
    ...{ minTtl: 1, defaultTtl: DAY, maxTtl: YEAR, gzip: false, brotli: false },
    ...{ query: NOTHING, headers: NOTHING, cookies: NOTHING },
  },
  // CachingDisabled
  "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": {
    ...{ minTtl: 0, defaultTtl: 0, maxTtl: 0, gzip: false, brotli: false },
    ...{ query: NOTHING, headers: NOTHING, cookies: NOTHING },
  },
  // UseOriginCacheControlHeaders
  "83da9c7e-98b4-4e11-a168-04f0df8e2c65": {
    ...{ minTtl: 0, defaultTtl: 0, maxTtl: YEAR, gzip: true, brotli: true },
    ...{
      query: NOTHING,
      headers: only("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
      cookies: ALL,
    },
  },
  // UseOriginCacheControlHeaders-QueryStrings
  "4cc15a8a-d715-48a4-82b8-cc0b614638fe": {
    ...{ minTtl: 0, defaultTtl: 0, maxTtl: YEAR, gzip: true, brotli: true },
    ...{
      query: ALL,
      headers: only("host", "origin", "x-http-method-override", "x-http-method", "x-method-override"),
      cookies: ALL,
    },
  },
};

/** Origin request policies of AWS's own. Source: the same, "Use managed origin request policies". */
export const MANAGED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, Forwarding>> = {
  // AllViewer
  "216adef6-5c7f-47e4-b989-5492eafa07d3": { query: ALL, headers: ALL, cookies: ALL },
  // AllViewerExceptHostHeader
  "b689b0a8-53d0-40ab-baf2-68738e2966ac": { query: ALL, headers: { kind: "except", names: ["host"] }, cookies: ALL },
  // CORS-S3Origin
  "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": {
    ...{ query: NOTHING, cookies: NOTHING },
    headers: only("origin", "access-control-request-headers", "access-control-request-method"),
  },
  // CORS-CustomOrigin
  "59781a5b-3903-41f3-afcb-af62929ccde1": { query: NOTHING, headers: only("origin"), cookies: NOTHING },
};

const SECURITY = {
  "referrer-policy": "strict-origin-when-cross-origin",
  "strict-transport-security": "max-age=31536000",
  "x-content-type-options": "nosniff",
  "x-frame-options": "SAMEORIGIN",
  "x-xss-protection": "1; mode=block",
};

/** Response headers policies of AWS's own. Source: the same, "Use managed response headers policies". */
export const MANAGED_RESPONSE_HEADERS_POLICIES: Readonly<Record<string, AnswerHeaders>> = {
  // SecurityHeadersPolicy
  "67f7725c-6f97-4210-82d7-5512b31e9d03": {
    add: () => Object.entries(SECURITY).map(([name, value]) => ({ name, value, overrides: name === "x-content-type-options" })),
    remove: [],
  },
  // SimpleCORS
  "60669652-455b-4ae9-85a4-c4c02393f86c": {
    add: ({ origin }) => (origin === undefined ? [] : [{ name: "access-control-allow-origin", value: "*", overrides: false }]),
    remove: [],
  },
};
