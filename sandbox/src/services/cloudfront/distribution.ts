import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { between, type Limit, matching, ofLength, oneOf } from "../limits.ts";
import { requireDistribution } from "./distribution-rules.ts";
import { edgesOf } from "./edges.ts";
import { forgetInvalidations } from "./invalidations.ts";
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  MANAGED_RESPONSE_HEADERS_POLICIES,
} from "./managed-policies.ts";
import {
  CACHE_POLICY,
  cloudfrontId,
  DISTRIBUTION,
  domainName,
  HOSTED_ZONE,
  newEtag,
  ORIGIN_ACCESS_CONTROL,
  ORIGIN_REQUEST_POLICY,
  policyReferences,
  RESPONSE_HEADERS_POLICY,
} from "./names.ts";

/** Errors that CloudFront keeps, and for which it may show a page. Source: CloudFront API Reference, CustomErrorResponse, `ErrorCode`. */
const ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

const notServed =
  (what: string): Limit =>
  (value) =>
    value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0)
      ? undefined
      : `the sandbox does not serve ${what}`;

const protocols = oneOf("allow-all", "https-only", "redirect-to-https");

/** A delivery network in front of origins: a caching proxy on this machine. With `retainOnDelete` AWS keeps it, switched off; the sandbox forgets it. */
export const distribution: ResourceDefinition = {
  type: DISTRIBUTION,
  replaceOn: ["staging"],
  defaults: {
    httpVersion: "http2",
    isIpv6Enabled: false,
    priceClass: "PriceClass_All",
    retainOnDelete: false,
    staging: false,
    waitForDeployment: true,
  },
  limits: {
    comment: ofLength(0, 128),
    defaultRootObject: matching(/^([^/].{0,254})?$/, "an object such as index.html, without a slash before it"),
    httpVersion: oneOf("http1.1", "http2", "http2and3", "http3"),
    priceClass: oneOf("PriceClass_All", "PriceClass_200", "PriceClass_100"),
    "defaultCacheBehavior.viewerProtocolPolicy": protocols,
    "orderedCacheBehaviors[].viewerProtocolPolicy": protocols,
    "orderedCacheBehaviors[].pathPattern": matching(
      /^[A-Za-z0-9_\-.*$/~"'@:+&?]{1,255}$/,
      "1 to 255 letters, digits and _-.*$/~\"'@:+&?",
    ),
    "customErrorResponses[].errorCode": oneOf(...ERRORS),
    "customErrorResponses[].responseCode": oneOf(200, ...ERRORS),
    "customErrorResponses[].errorCachingMinTtl": between(0, 31_536_000),
    "origins[].connectionAttempts": between(1, 3),
    "origins[].connectionTimeout": between(1, 10),
    "origins[].customOriginConfig.originProtocolPolicy": oneOf("http-only", "https-only", "match-viewer"),
    "origins[].customOriginConfig.originReadTimeout": between(1, 120),
    "origins[].vpcOriginConfig": notServed("VPC origins"),
    "originGroups[].failoverCriteria.statusCodes[]": oneOf(400, 403, 404, 416, 429, 500, 502, 503, 504),
    "restrictions.geoRestriction.restrictionType": (value) =>
      value === "none" ? undefined : 'the sandbox knows no countries: restrictionType is "none"',
    "viewerCertificate.iamCertificateId": notServed("certificates of IAM: use acmCertificateArn"),
    continuousDeploymentPolicyId: notServed("continuous deployment"),
    staging: notServed("staging distributions"),
    anycastIpListId: notServed("anycast addresses"),
  },
  references: [
    ...policyReferences("cachePolicyId", CACHE_POLICY, Object.keys(MANAGED_CACHE_POLICIES), "cache policy", "CachePolicy"),
    ...policyReferences(
      "originRequestPolicyId",
      ORIGIN_REQUEST_POLICY,
      Object.keys(MANAGED_ORIGIN_REQUEST_POLICIES),
      "origin request policy",
      "OriginRequestPolicy",
    ),
    ...policyReferences(
      "responseHeadersPolicyId",
      RESPONSE_HEADERS_POLICY,
      Object.keys(MANAGED_RESPONSE_HEADERS_POLICIES),
      "response headers policy",
      "ResponseHeadersPolicy",
    ),
    {
      path: "origins[].originAccessControlId",
      to: ORIGIN_ACCESS_CONTROL,
      missing: () => new CloudError("NoSuchOriginAccessControl", "The specified origin access control does not exist.", 404),
      inUse: () =>
        new CloudError(
          "OriginAccessControlInUse",
          "Cannot delete the origin access control because it's in use by one or more distributions.",
          409,
        ),
    },
  ],
  create: (operation) => {
    requireDistribution(operation, "");
    const id = cloudfrontId();
    const { cloud } = operation;
    return {
      id,
      outputs: {
        ...computed(operation),
        arn: arn("cloudfront", "", cloud.account, `distribution/${id}`),
        callerReference: `pulumi-${String(cloud.now())}`,
        domainName: domainName(),
        hostedZoneId: HOSTED_ZONE,
      },
    };
  },
  update: (operation, before) => {
    requireDistribution(operation, before.id);
    return computed(operation);
  },
  remove: (cloud, row) => {
    forgetInvalidations(cloud, row.id);
  },
  run: async (cloud, row) => {
    await edgesOf(cloud).run(row);
    return undefined;
  },
  halt: (cloud, row) => edgesOf(cloud).remove(row),
};

function computed({ cloud, inputs }: Operation): Props {
  return {
    continuousDeploymentPolicyId: "",
    etag: newEtag(),
    inProgressValidationBatches: 0,
    lastModifiedTime: new Date(cloud.now()).toISOString(),
    loggingV1Enabled: text((inputs["loggingConfig"] ?? {}) as Props, "bucket") !== "",
    status: "Deployed",
    trustedKeyGroups: [{ enabled: false, items: [] }],
    trustedSigners: [{ enabled: false, items: [] }],
  };
}
