import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation } from "../../core/definition.ts";
import { isProps, type Props, text, textAt, texts, type Value, valuesAt } from "../../core/values.ts";
import { CERTIFICATE } from "../acm/certificate.ts";
import { BUCKET } from "../s3/buckets.ts";
import { WEB_ACL } from "../wafv2/names.ts";
import { requireTtlOrder } from "./cache-policy.ts";
import { CLOUDFRONT_REGION, DISTRIBUTION, invalidArgument } from "./names.ts";
import { bucketOfDomain } from "./s3-origin.ts";

const READS = ["GET", "HEAD"];
const METHODS = [READS, [...READS, "OPTIONS"], [...READS, "OPTIONS", "DELETE", "PATCH", "POST", "PUT"]];
/** Source: CloudFront developer guide, "Quotas". */
const MOST = { behaviors: 75, origins: 100, aliases: 100 };

/** The items of a list of objects. */
export function itemsOf(inputs: Props, name: string): Props[] {
  return valuesAt(inputs, `${name}[]`).filter(isProps);
}

/** The default behaviour last, as the last one that is looked at. */
export function behaviorsOf(inputs: Props): Props[] {
  return [...itemsOf(inputs, "orderedCacheBehaviors"), ...valuesAt(inputs, "defaultCacheBehavior").filter(isProps)];
}

/** Throws in CloudFront's words for a distribution that cannot be. `own` is its id, once it has one. */
export function requireDistribution(operation: Operation, own: string): void {
  const { inputs } = operation;
  requireOrigins(inputs);
  for (const behavior of behaviorsOf(inputs)) requireBehavior(inputs, behavior);
  requireAliases(operation, own);
  requireWebAcl(operation.cloud, text(inputs, "webAclId"));
  requireErrors(inputs);
  requireLogBucket(operation.cloud, textAt(inputs, "loggingConfig.bucket"));
}

function requireOrigins(inputs: Props): void {
  const origins = itemsOf(inputs, "origins");
  const groups = itemsOf(inputs, "originGroups");
  if (origins.length > MOST.origins)
    throw new CloudError("TooManyOrigins", "Your request contains more origins than are allowed per distribution.");
  const ids = [...origins, ...groups].map((origin) => text(origin, "originId"));
  if (new Set(ids).size < ids.length) throw invalidArgument("The parameter Origin Id must be unique in a distribution.");
  for (const origin of origins) requireOrigin(origin);
  for (const group of groups) {
    const members = itemsOf(group, "members").map((member) => text(member, "originId"));
    if (members.length !== 2)
      throw invalidArgument(
        `The origin group ${text(group, "originId")} must have two members; it has ${String(members.length)}.`,
      );
    const known = origins.map((origin) => text(origin, "originId"));
    if (!members.every((id) => known.includes(id))) throw noSuchOrigin();
  }
}

function requireOrigin(origin: Props): void {
  const [id, domain] = [text(origin, "originId"), text(origin, "domainName")];
  const custom = origin["customOriginConfig"];
  if (!/^[a-z0-9.-]+\.[a-z0-9-]+$/i.test(domain))
    throw invalidArgument(`The parameter Origin DomainName does not refer to a valid name: ${domain || "(empty)"}.`);
  const path = text(origin, "originPath");
  if (path !== "" && (!path.startsWith("/") || path.endsWith("/")))
    throw invalidArgument(`The parameter OriginPath of ${id} must begin with a slash and not end with one, got ${path}.`);
  const isBucket = bucketOfDomain(domain) !== undefined;
  if (isBucket && isProps(custom))
    throw invalidArgument(`The origin ${id} is an Amazon S3 bucket and cannot have a customOriginConfig.`);
  if (!isBucket && !isProps(custom))
    throw invalidArgument(`The origin ${id} is not an Amazon S3 bucket: it needs a customOriginConfig.`);
  if (!isBucket && text(origin, "originAccessControlId") !== "")
    throw new CloudError("InvalidOriginAccessControl", `The origin access control is for Amazon S3 buckets; ${id} is none.`);
  if (textAt(origin, "s3OriginConfig.originAccessIdentity") !== "")
    throw invalidArgument("The sandbox does not serve origin access identities: use an origin access control.");
}

function requireBehavior(inputs: Props, behavior: Props): void {
  const pattern = text(behavior, "pathPattern") || "*";
  const targets = [...itemsOf(inputs, "origins"), ...itemsOf(inputs, "originGroups")].map((origin) => text(origin, "originId"));
  if (!targets.includes(text(behavior, "targetOriginId"))) throw noSuchOrigin();
  const allowed = texts(behavior, "allowedMethods");
  const cached = texts(behavior, "cachedMethods");
  const isOneOf = (methods: readonly string[], sets: readonly string[][]): boolean =>
    sets.some((set) => set.length === methods.length && set.every((method) => methods.includes(method)));
  if (!isOneOf(allowed, METHODS))
    throw invalidArgument(
      `The parameter AllowedMethods of ${pattern} is ${allowed.join(", ")}; allowed: ${METHODS.map((set) => set.join(", ")).join("; or ")}.`,
    );
  if (!isOneOf(cached, METHODS.slice(0, 2)) || !cached.every((method) => allowed.includes(method)))
    throw invalidArgument(
      `The parameter CachedMethods of ${pattern} is ${cached.join(", ")}; allowed: GET, HEAD; or GET, HEAD, OPTIONS, each an allowed method.`,
    );
  const hasPolicy = text(behavior, "cachePolicyId") !== "";
  const forwarded = behavior["forwardedValues"];
  if (hasPolicy && isProps(forwarded))
    throw invalidArgument(
      "The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior.",
    );
  if (!hasPolicy && !isProps(forwarded)) throw invalidArgument("The parameter ForwardedValues is required.");
  if (!hasPolicy && text(behavior, "originRequestPolicyId") !== "")
    throw invalidArgument("The parameter OriginRequestPolicyId cannot be used without a cache policy.");
  if (!hasPolicy)
    requireTtlOrder(
      Number(behavior["minTtl"] ?? 0),
      Number(behavior["defaultTtl"] ?? 86_400),
      Number(behavior["maxTtl"] ?? 31_536_000),
    );
  for (const name of ["functionAssociations", "lambdaFunctionAssociations", "trustedKeyGroups", "trustedSigners"])
    if (!isEmpty(behavior[name])) throw invalidArgument(`The sandbox does not serve ${name} of cache behaviors.`);
}

/** A name may belong to one distribution, and the certificate must cover it. */
function requireAliases({ cloud, inputs }: Operation, own: string): void {
  const aliases = texts(inputs, "aliases").map((alias) => alias.toLowerCase());
  if (aliases.length > MOST.aliases)
    throw new CloudError("TooManyDistributionCNAMEs", "Your request contains more CNAMEs than are allowed per distribution.");
  if (itemsOf(inputs, "orderedCacheBehaviors").length > MOST.behaviors)
    throw new CloudError("TooManyCacheBehaviors", "You cannot create more cache behaviors for the distribution.");
  const others = cloud.world.all(DISTRIBUTION).filter((row) => row.id !== own && row.phase !== "deleting");
  const taken = aliases.find((alias) => others.some((row) => texts(row.inputs, "aliases").includes(alias)));
  if (taken !== undefined)
    throw new CloudError(
      "CNAMEAlreadyExists",
      `One or more of the CNAMEs you provided are already associated with a different resource: ${taken}.`,
      409,
    );
  const certificateArn = textAt(inputs, "viewerCertificate.acmCertificateArn");
  if (certificateArn !== "") requireCertificate(cloud, certificateArn, aliases);
  else if (aliases.length > 0)
    throw new CloudError(
      "InvalidViewerCertificate",
      "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.",
    );
}

function requireCertificate(cloud: Cloud, arn: string, aliases: readonly string[]): void {
  const row = cloud.world.get(CERTIFICATE, arn);
  if (row === undefined || arn.split(":")[3] !== CLOUDFRONT_REGION || row.outputs["status"] !== "ISSUED")
    throw new CloudError(
      "InvalidViewerCertificate",
      "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
    );
  const names = [text(row.outputs, "domainName"), ...texts(row.inputs, "subjectAlternativeNames")].map((name) =>
    name.toLowerCase(),
  );
  const covered = (alias: string): boolean => names.includes(alias) || names.includes(alias.replace(/^[^.]+/, "*"));
  const uncovered = aliases.find((alias) => !covered(alias));
  if (uncovered !== undefined)
    throw new CloudError(
      "InvalidViewerCertificate",
      `The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add: ${uncovered}.`,
    );
}

function requireWebAcl(cloud: Cloud, arn: string): void {
  if (arn === "") return;
  const row = cloud.world.by(WEB_ACL, "arn", arn);
  if (row === undefined || text(row.outputs, "scope") !== "CLOUDFRONT")
    throw new CloudError(
      "InvalidWebACLId",
      `Web ACL is not accessible by the requester: ${arn} is no web ACL of the scope CLOUDFRONT.`,
    );
}

function requireErrors(inputs: Props): void {
  for (const rule of itemsOf(inputs, "customErrorResponses")) {
    const [path, code] = [text(rule, "responsePagePath"), rule["responseCode"]];
    if ((path === "") !== (code === undefined || code === null))
      throw invalidArgument(
        "The parameters ResponsePagePath and ResponseCode of a custom error response must be given together.",
      );
    if (path !== "" && !path.startsWith("/"))
      throw invalidArgument(`The parameter ResponsePagePath must begin with a slash, got ${path}.`);
  }
}

function requireLogBucket(cloud: Cloud, domain: string): void {
  if (domain === "") return;
  const bucket = bucketOfDomain(domain);
  if (bucket === undefined || cloud.world.get(BUCKET, bucket) === undefined)
    throw invalidArgument(
      `The S3 bucket that you specified for CloudFront logs doesn't exist: ${domain}. Give its domain name, such as logs.s3.amazonaws.com.`,
    );
}

function noSuchOrigin(): CloudError {
  return new CloudError("NoSuchOrigin", "One or more of your origins or origin groups do not exist.", 404);
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
