import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, type Props, text, textAt, texts, valuesAt } from "../../core/values.ts";
import type { AnswerHeaders, ExtraHeader } from "../../plane/cdn/plan.ts";
import { policyName } from "./cache-policy.ts";
import { invalidArgument, newEtag, requireFreeName, RESPONSE_HEADERS_POLICY } from "./names.ts";

const PARTS = ["corsConfig", "customHeadersConfig", "removeHeadersConfig", "securityHeadersConfig", "serverTimingHeadersConfig"];
/** Headers that CloudFront does not let policies take away. Source: CloudFront developer guide, "Remove headers". */
const KEPT = [
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "warning",
];
const REFERRERS =
  /^(no-referrer|no-referrer-when-downgrade|origin|origin-when-cross-origin|same-origin|strict-origin|strict-origin-when-cross-origin|unsafe-url)$/;

/** Headers that answers get, and lose. Source: CloudFront API Reference, ResponseHeadersPolicyConfig. */
export const responseHeadersPolicy: ResourceDefinition = {
  type: RESPONSE_HEADERS_POLICY,
  replaceOn: [],
  autoName: { property: "name", maxLength: 128 },
  limits: {
    name: policyName,
    "securityHeadersConfig.frameOptions.frameOption": (value) =>
      value === "DENY" || value === "SAMEORIGIN"
        ? undefined
        : `${JSON.stringify(value)} is not one of the allowed values: DENY, SAMEORIGIN`,
    "securityHeadersConfig.referrerPolicy.referrerPolicy": (value) =>
      typeof value === "string" && REFERRERS.test(value) ? undefined : `${JSON.stringify(value)} is not a referrer policy`,
    "serverTimingHeadersConfig.enabled": (value) =>
      value === true ? "the sandbox does not serve Server-Timing headers" : undefined,
    "removeHeadersConfig.items[].header": (value) =>
      typeof value === "string" && KEPT.includes(value.toLowerCase())
        ? `CloudFront does not remove the header ${value}`
        : undefined,
  },
  create: (operation) => {
    check(operation, "");
    const { cloud, inputs } = operation;
    const id = randomUUID();
    const outputs = {
      arn: arn("cloudfront", "", cloud.account, `response-headers-policy/${id}`),
      etag: newEtag(),
      name: text(inputs, "name"),
    };
    return { id, outputs };
  },
  update: (operation, before) => {
    check(operation, before.id);
    return { etag: newEtag() };
  },
};

/** What an edge makes of such a policy. */
export function answerHeadersOf(inputs: Props): AnswerHeaders {
  const custom = valuesAt(inputs, "customHeadersConfig.items[]").filter(isProps);
  const always: ExtraHeader[] = [
    ...securityHeaders(inputs["securityHeadersConfig"]),
    ...custom.map((item) => ({
      name: text(item, "header").toLowerCase(),
      value: text(item, "value"),
      overrides: item["override"] === true,
    })),
  ];
  const cors = inputs["corsConfig"];
  return {
    add: (request, method) => [...always, ...(isProps(cors) ? corsHeaders(cors, request, method) : [])],
    remove: valuesAt(inputs, "removeHeadersConfig.items[].header").flatMap((name) =>
      typeof name === "string" ? [name.toLowerCase()] : [],
    ),
  };
}

function securityHeaders(config: Props[string]): ExtraHeader[] {
  if (!isProps(config)) return [];
  const part = (name: string): Props | undefined => (isProps(config[name]) ? config[name] : undefined);
  const header = (from: Props | undefined, name: string, value: (given: Props) => string): ExtraHeader[] =>
    from === undefined ? [] : [{ name, value: value(from), overrides: from["override"] === true }];
  return [
    ...header(part("contentSecurityPolicy"), "content-security-policy", (given) => text(given, "contentSecurityPolicy")),
    ...header(part("contentTypeOptions"), "x-content-type-options", () => "nosniff"),
    ...header(part("frameOptions"), "x-frame-options", (given) => text(given, "frameOption")),
    ...header(part("referrerPolicy"), "referrer-policy", (given) => text(given, "referrerPolicy")),
    ...header(part("strictTransportSecurity"), "strict-transport-security", (given) =>
      [
        `max-age=${String(Number(given["accessControlMaxAgeSec"]))}`,
        ...(given["includeSubdomains"] === true ? ["includeSubDomains"] : []),
        ...(given["preload"] === true ? ["preload"] : []),
      ].join("; "),
    ),
    ...header(part("xssProtection"), "x-xss-protection", (given) =>
      given["protection"] === true ? ["1", ...(given["modeBlock"] === true ? ["mode=block"] : [])].join("; ") : "0",
    ),
  ];
}

/** Only a request from another origin gets them. */
function corsHeaders(config: Props, { origin, ...request }: IncomingHttpHeaders, method: string): ExtraHeader[] {
  if (origin === undefined) return [];
  const list = (name: string): string[] => (isProps(config[name]) ? texts(config[name], "items") : []);
  const origins = list("accessControlAllowOrigins");
  const allowed = origins.some((pattern) => matches(pattern, origin));
  if (!allowed) return [];
  const overrides = config["originOverride"] === true;
  const isPreflight = method === "OPTIONS" && request["access-control-request-method"] !== undefined;
  const age = config["accessControlMaxAgeSec"];
  const methods = list("accessControlAllowMethods");
  const named: Record<string, string> = {
    "access-control-allow-origin": origins.includes("*") ? "*" : origin,
    ...(config["accessControlAllowCredentials"] === true && { "access-control-allow-credentials": "true" }),
    ...(list("accessControlExposeHeaders").length > 0 && {
      "access-control-expose-headers": list("accessControlExposeHeaders").join(", "),
    }),
    ...(isPreflight && {
      "access-control-allow-methods": methods.includes("ALL")
        ? "GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT"
        : methods.join(", "),
      "access-control-allow-headers": list("accessControlAllowHeaders").join(", "),
      ...(typeof age === "number" && { "access-control-max-age": String(age) }),
    }),
  };
  return Object.entries(named).map(([name, value]) => ({ name, value, overrides }));
}

function matches(pattern: string, origin: string): boolean {
  if (pattern === "*") return true;
  const whole = pattern.includes("://") ? pattern : `*://${pattern}`;
  return new RegExp(`^${whole.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(origin);
}

function check({ cloud, inputs }: Operation, own: string): void {
  const name = text(inputs, "name");
  const taken = new CloudError(
    "ResponseHeadersPolicyAlreadyExists",
    `A response headers policy with this name already exists: ${name}. You must provide a unique name.`,
    409,
  );
  requireFreeName(cloud, RESPONSE_HEADERS_POLICY, name, own, taken);
  if (!PARTS.some((part) => inputs[part] !== undefined))
    throw invalidArgument(
      "The response headers policy must contain at least one of CORS, security, custom, remove or Server-Timing headers.",
    );
  const everybody = valuesAt(inputs, "corsConfig.accessControlAllowOrigins.items[]").includes("*");
  if (everybody && valuesAt(inputs, "corsConfig.accessControlAllowCredentials")[0] === true)
    throw invalidArgument("Access-Control-Allow-Origin cannot be * when Access-Control-Allow-Credentials is true.");
  if (textAt(inputs, "securityHeadersConfig.xssProtection.reportUri") !== "")
    throw invalidArgument("The sandbox does not serve the reportUri of xssProtection.");
}
