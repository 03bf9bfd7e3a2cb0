import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, textAt, texts, valuesAt } from "../../core/values.ts";
import { HttpOrigin } from "../../plane/cdn/http-origin.ts";
import type {
  AnswerHeaders,
  Behavior,
  Caching,
  EdgePlan,
  ErrorRule,
  Forwarding,
  Origin,
  OriginGroup,
  Served,
} from "../../plane/cdn/plan.ts";
import { errorPage } from "../../plane/cdn/pages.ts";
import { locateName } from "../../plane/name-doors.ts";
import { inspect } from "../wafv2/inspection.ts";
import { cachingOf } from "./cache-policy.ts";
import { behaviorsOf, itemsOf } from "./distribution-rules.ts";
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  MANAGED_RESPONSE_HEADERS_POLICIES,
} from "./managed-policies.ts";
import { CACHE_POLICY, ORIGIN_ACCESS_CONTROL, ORIGIN_REQUEST_POLICY, RESPONSE_HEADERS_POLICY } from "./names.ts";
import { forwardingOf } from "./origin-request-policy.ts";
import { answerHeadersOf } from "./response-headers-policy.ts";
import { bucketOfDomain, S3Origin } from "./s3-origin.ts";
import { NOTHING } from "./selections.ts";

/** Defaults of what an origin may say. Source: CloudFront API Reference, Origin and CustomOriginConfig. */
const ORIGIN = { attempts: 3, connectSeconds: 10, readSeconds: 30 };
/** Source: the same, CustomErrorResponse, `ErrorCachingMinTTL`. */
const ERROR_TTL = 10;
const NO_FORWARDING: Forwarding = { query: NOTHING, headers: NOTHING, cookies: NOTHING };

/** What a distribution's edge is to do, as the distribution and the policies that it names say now. */
export function edgePlan(cloud: Cloud, row: Resource, served: (served: Served) => void): EdgePlan {
  const { id, inputs, outputs } = row;
  const webAcl = text(inputs, "webAclId");
  return {
    id,
    names: [text(outputs, "domainName"), ...texts(inputs, "aliases").map((alias) => alias.toLowerCase())],
    behaviors: behaviorsOf(inputs).map((behavior) => behaviorOf(cloud, behavior)),
    origins: new Map(itemsOf(inputs, "origins").map((origin) => [text(origin, "originId"), originOf(cloud, row, origin)])),
    groups: new Map(itemsOf(inputs, "originGroups").map((group) => [text(group, "originId"), groupOf(group)])),
    errors: new Map(itemsOf(inputs, "customErrorResponses").map((rule) => [Number(rule["errorCode"]), errorRule(rule)])),
    rootObject: text(inputs, "defaultRootObject"),
    inspect:
      webAcl === ""
        ? undefined
        : (asked) => {
            const { insert, refusal } = inspect(cloud, webAcl, asked, { kind: "CF", id });
            if (refusal === undefined) return { insert, refusal };
            const own = refusal.body;
            const page = errorPage(refusal.status, "", "Request blocked.");
            const headers = { ...(own === undefined ? page.headers : { "content-type": own.type }), ...refusal.headers };
            return { insert, refusal: { status: refusal.status, headers, body: own?.text ?? page.body } };
          },
    served,
    now: cloud.now,
  };
}

function behaviorOf(cloud: Cloud, behavior: Props): Behavior {
  const protocol = text(behavior, "viewerProtocolPolicy");
  return {
    pattern: text(behavior, "pathPattern") || "*",
    target: text(behavior, "targetOriginId"),
    protocol: protocol === "https-only" || protocol === "redirect-to-https" ? protocol : "allow-all",
    allowedMethods: texts(behavior, "allowedMethods"),
    cachedMethods: texts(behavior, "cachedMethods"),
    compress: behavior["compress"] === true,
    ...policiesOf(cloud, behavior),
    answerHeaders: answerHeaders(cloud, text(behavior, "responseHeadersPolicyId")),
  };
}

function policiesOf(cloud: Cloud, behavior: Props): { readonly caching: Caching; readonly forwarding: Forwarding } {
  const id = text(behavior, "cachePolicyId");
  if (id === "") return { caching: legacyCaching(behavior), forwarding: NO_FORWARDING };
  const requestPolicy = text(behavior, "originRequestPolicyId");
  return {
    caching: MANAGED_CACHE_POLICIES[id] ?? cachingOf(cloud.world.get(CACHE_POLICY, id)?.inputs ?? {}),
    forwarding:
      requestPolicy === ""
        ? NO_FORWARDING
        : (MANAGED_ORIGIN_REQUEST_POLICIES[requestPolicy] ??
          forwardingOf(cloud.world.get(ORIGIN_REQUEST_POLICY, requestPolicy)?.inputs ?? {})),
  };
}

/** What behaviours said before there were policies. */
function legacyCaching(behavior: Props): Caching {
  const [values = {}] = valuesAt(behavior, "forwardedValues").filter(isProps);
  const keys = texts(values, "queryStringCacheKeys");
  const headers = texts(values, "headers").map((name) => name.toLowerCase());
  const cookies = textAt(values, "cookies.forward");
  const all = headers.includes("*");
  const ttl = (name: string, otherwise: number): number => Number(behavior[name] ?? otherwise);
  return {
    minTtl: ttl("minTtl", 0),
    defaultTtl: ttl("defaultTtl", 86_400),
    // With all headers in the key there is no cache.
    maxTtl: all ? 0 : ttl("maxTtl", 31_536_000),
    gzip: behavior["compress"] === true,
    brotli: false,
    query:
      values["queryString"] !== true ? NOTHING : keys.length > 0 ? { kind: "only", names: keys } : { kind: "all", names: [] },
    headers: all ? { kind: "all", names: [] } : headers.length > 0 ? { kind: "only", names: headers } : NOTHING,
    cookies:
      cookies === "all"
        ? { kind: "all", names: [] }
        : cookies === "whitelist"
          ? { kind: "only", names: valuesAt(values, "cookies.whitelistedNames[]").filter((name) => typeof name === "string") }
          : NOTHING,
  };
}

function answerHeaders(cloud: Cloud, id: string): AnswerHeaders | undefined {
  if (id === "") return undefined;
  return MANAGED_RESPONSE_HEADERS_POLICIES[id] ?? answerHeadersOf(cloud.world.get(RESPONSE_HEADERS_POLICY, id)?.inputs ?? {});
}

function originOf(cloud: Cloud, row: Resource, origin: Props): Origin {
  const host = text(origin, "domainName").toLowerCase();
  const common = {
    host,
    pathPrefix: text(origin, "originPath"),
    customHeaders: Object.fromEntries(
      itemsOf(origin, "customHeaders").map((header) => [text(header, "name").toLowerCase(), text(header, "value")]),
    ),
  };
  const bucket = bucketOfDomain(host);
  if (bucket !== undefined) {
    const control = cloud.world.get(ORIGIN_ACCESS_CONTROL, text(origin, "originAccessControlId"));
    const signs = control !== undefined && text(control.inputs, "signingBehavior") !== "never";
    return new S3Origin(cloud, { ...common, bucket, distributionArn: signs ? text(row.outputs, "arn") : undefined });
  }
  const [config = {}] = valuesAt(origin, "customOriginConfig").filter(isProps);
  return new HttpOrigin({
    ...common,
    locate: () => localPort(cloud, host, config),
    attempts: Number(origin["connectionAttempts"] ?? ORIGIN.attempts),
    connectSeconds: Number(origin["connectionTimeout"] ?? ORIGIN.connectSeconds),
    readSeconds: Number(config["originReadTimeout"] ?? ORIGIN.readSeconds),
  });
}

/** Where the origin's name leads on this machine, under the port by which CloudFront asks. */
function localPort(cloud: Cloud, host: string, config: Props): number | string {
  const port =
    text(config, "originProtocolPolicy") === "http-only" ? Number(config["httpPort"] ?? 80) : Number(config["httpsPort"] ?? 443);
  const found = cloud.addresses.resolve(`${host}:${String(port)}`);
  if (found === undefined) return `The origin ${host}:${String(port)} is nothing of the sandbox.`;
  if (port !== 443 && port !== 80) return found.port;
  // A name follows its record; what stands behind its door is asked directly.
  const led = locateName(cloud, host);
  return typeof led === "string" ? found.port : led.port;
}

function groupOf(group: Props): OriginGroup {
  return {
    members: itemsOf(group, "members").map((member) => text(member, "originId")),
    statuses: valuesAt(group, "failoverCriteria.statusCodes[]").map(Number),
  };
}

function errorRule(rule: Props): ErrorRule {
  const path = text(rule, "responsePagePath");
  return {
    ttl: Number(rule["errorCachingMinTtl"] ?? ERROR_TTL),
    ...(path !== "" && { page: { path, status: Number(rule["responseCode"]) } }),
  };
}
