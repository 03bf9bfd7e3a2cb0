import { randomBytes } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Reference, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";

export const CACHE_POLICY = "aws:cloudfront/cachePolicy:CachePolicy";
export const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
export const ORIGIN_ACCESS_CONTROL = "aws:cloudfront/originAccessControl:OriginAccessControl";
export const ORIGIN_REQUEST_POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy";
export const RESPONSE_HEADERS_POLICY = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy";

/** The zone in which Route 53 keeps the names of all distributions (Route 53 API Reference, AliasTarget). */
export const HOSTED_ZONE = "Z2FDTNDATAQYW2";
/** The region of CloudFront's certificates, firewalls and metrics. */
export const CLOUDFRONT_REGION = "us-east-1";

/** An id as CloudFront draws it: a letter that says what it is, and 13 capital letters and digits. */
export function cloudfrontId(): string {
  return `E${drawn(13).toUpperCase()}`;
}

/** The name of a distribution. */
export function domainName(): string {
  return `d${drawn(13)}.cloudfront.net`;
}

/** A version of something, which CloudFront wants back before it changes that. */
export function newEtag(): string {
  return `E${drawn(12).toUpperCase()}`;
}

function drawn(length: number): string {
  return [...randomBytes(length)].map((byte) => (byte % 36).toString(36)).join("");
}

/** CloudFront's error for an argument that is wrong, or does not go with others. */
export function invalidArgument(message: string): CloudError {
  return new CloudError("InvalidArgument", message);
}

/** Throws where another of the type has the name already. */
export function requireFreeName(cloud: Cloud, type: string, name: string, own: string, error: CloudError): void {
  if (cloud.world.all(type).some((row) => row.id !== own && text(row.outputs, "name") === name)) throw error;
}

/** Where distributions name what behaviours go by. */
const BEHAVIORS = ["defaultCacheBehavior", "orderedCacheBehaviors[]"];

/** References of a distribution's behaviours to policies of a type; those that AWS manages are always there. */
export function policyReferences(
  property: string,
  to: string,
  managed: readonly string[],
  what: string,
  code: string,
): Reference[] {
  return BEHAVIORS.map((behavior) => ({
    path: `${behavior}.${property}`,
    to,
    missing: (id) =>
      managed.includes(id) ? undefined : new CloudError(`NoSuch${code}`, `The specified ${what} does not exist.`, 404),
    inUse: (policy: Resource) =>
      new CloudError(
        `${code}InUse`,
        `Cannot delete the ${what} ${policy.id} because it is attached to one or more cache behaviors.`,
        409,
      ),
  }));
}
