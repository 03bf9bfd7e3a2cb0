import { CachePolicy } from "@pulumi/aws/cloudfront/cachePolicy.js";
import { Distribution } from "@pulumi/aws/cloudfront/distribution.js";
import { OriginRequestPolicy } from "@pulumi/aws/cloudfront/originRequestPolicy.js";
import { ResponseHeadersPolicy } from "@pulumi/aws/cloudfront/responseHeadersPolicy.js";
import { LogDelivery } from "@pulumi/aws/cloudwatch/logDelivery.js";
import { LogDeliveryDestination } from "@pulumi/aws/cloudwatch/logDeliveryDestination.js";
import { LogDeliverySource } from "@pulumi/aws/cloudwatch/logDeliverySource.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { policyDocument } from "../shared/iam.ts";
import type { Tags } from "../shared/tags.ts";
import { tlsOnly } from "../storage/bucket-rules.ts";
import { LogBucket } from "../storage/log-bucket.ts";
import type { ContentDelivery, Origin } from "./content-delivery.ts";
import type { AliasTarget } from "./dns.ts";
import { ORIGIN_HEADER } from "./origin-secret.ts";

/** CloudFront is a global service whose certificates, firewalls and log deliveries stand in this region. */
const EDGE_REGION = "us-east-1";

const SERVERS = "servers";
const ASSETS = "assets";
const ASSETS_OR_SERVERS = "assets-or-servers";

/** What may be cached at most, whatever the product says: a year. */
const LONGEST_SECONDS = 31_536_000;

/** What the caller decides about a {@link CloudFrontDelivery}. */
export interface CloudFrontDeliveryArgs {
  /** The name under which people reach the product. */
  readonly domain: string;
  /** A certificate for that name, in us-east-1. */
  readonly certificateArn: pulumi.Input<string>;
  /** Where the network gets what it does not hold. */
  readonly origin: Origin;
  /** The files of the releases, served below `/assets/`; what is not among them comes from the product. */
  readonly assets: Readonly<Record<"accessControlId" | "bucketArn" | "bucketName" | "domainName", pulumi.Input<string>>>;
  /** A web ACL of the scope CLOUDFRONT. */
  readonly firewallArn: pulumi.Input<string>;
  /** The account whose logs are kept. */
  readonly accountId: string;
  /** From which parts of the world people are served nearby: `PriceClass_100` America and Europe, `PriceClass_200` Asia and Africa as well, `PriceClass_All`. @default "PriceClass_100" */
  readonly priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** Days for which access logs are kept. @default 90 */
  readonly logDays?: number;
  /** Whether the logs refuse to be deleted. @default true */
  readonly protect?: boolean;
  /** Whether the logs stay in the cloud when the network leaves the stack, until they expire. @default - the same as `protect` */
  readonly keepLogs?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * CloudFront before the product: TLS near to people, answers from its cache, everything else from the load balancer.
 *
 * What may be cached, and for how long, the product says in `Cache-Control`; what says nothing is not cached. Answers are the same for everybody who asks for the
 * same path and query, so the product marks what is somebody's own with `private` or `no-store`. Cookies and headers reach the product untouched.
 *
 * Files of a release come from the bucket, and from the product where the bucket has none, so a release works before its files are uploaded. After a release
 * nothing has to be invalidated, because a changed file has a changed name; for the rest, invalidate the changed paths only.
 *
 * **Cost**: free up to 1 TB and 10 million requests a month, then 0.085 USD a GB and 0.012 USD for 10,000 requests (Europe); 0.0245 USD a GB and month of logs.
 */
export class CloudFrontDelivery extends pulumi.ComponentResource implements ContentDelivery {
  /** Where people reach the product. */
  readonly url: string;
  /** Where the product's name must lead. */
  readonly alias: AliasTarget;
  /** For invalidations and metrics. */
  readonly distributionId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: CloudFrontDeliveryArgs;

  constructor(name: string, args: CloudFrontDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    requireBetween(`CloudFrontDelivery "${name}": logDays`, args.logDays ?? 90, 1, 3650);
    super("platform:delivery:CloudFrontDelivery", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const distribution = this.#distribution();
    this.#openAssetsTo(distribution);
    this.#logTo(distribution);

    this.url = `https://${args.domain}`;
    this.alias = { name: distribution.domainName, zoneId: distribution.hostedZoneId };
    this.distributionId = distribution.id;
    this.registerOutputs({ url: this.url, distributionId: this.distributionId });
  }

  #distribution(): Distribution {
    const { assets, certificateArn, domain, firewallArn, origin, priceClass = "PriceClass_100", tags } = this.#args;
    const get = ["GET", "HEAD"];
    const cached = {
      viewerProtocolPolicy: "redirect-to-https",
      cachedMethods: get,
      compress: true,
      cachePolicyId: this.#cachePolicy().id,
      responseHeadersPolicyId: this.#headersPolicy().id,
    };
    return new Distribution(
      `${this.#name}-distribution`,
      {
        comment: `${this.#name}: ${domain}`,
        enabled: true,
        aliases: [domain],
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass,
        webAclId: firewallArn,
        origins: [
          {
            originId: SERVERS,
            domainName: origin.domain,
            customHeaders: [{ name: ORIGIN_HEADER, value: origin.secret }],
            customOriginConfig: {
              originProtocolPolicy: "https-only",
              originSslProtocols: ["TLSv1.2"],
              httpPort: 80,
              httpsPort: 443,
              originReadTimeout: 30,
              originKeepaliveTimeout: 60,
            },
          },
          { originId: ASSETS, domainName: assets.domainName, originAccessControlId: assets.accessControlId },
        ],
        originGroups: [
          {
            originId: ASSETS_OR_SERVERS,
            // S3 says 403 for what is not there to those who may not list.
            failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
            members: [{ originId: ASSETS }, { originId: SERVERS }],
          },
        ],
        defaultCacheBehavior: {
          ...cached,
          targetOriginId: SERVERS,
          allowedMethods: [...get, "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
          originRequestPolicyId: this.#requestPolicy().id,
        },
        orderedCacheBehaviors: [{ ...cached, pathPattern: "/assets/*", targetOriginId: ASSETS_OR_SERVERS, allowedMethods: get }],
        viewerCertificate: {
          acmCertificateArn: certificateArn,
          minimumProtocolVersion: "TLSv1.2_2021",
          sslSupportMethod: "sni-only",
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        tags,
      },
      { parent: this },
    );
  }

  #cachePolicy(): CachePolicy {
    const none = "none";
    return new CachePolicy(
      `${this.#name}-cache`,
      {
        comment: "As long as the product says, not at all where it says nothing",
        minTtl: 0,
        defaultTtl: 0,
        maxTtl: LONGEST_SECONDS,
        parametersInCacheKeyAndForwardedToOrigin: {
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
          cookiesConfig: { cookieBehavior: none },
          headersConfig: { headerBehavior: none },
          queryStringsConfig: { queryStringBehavior: "all" },
        },
      },
      { parent: this },
    );
  }

  /** The product sees what the person sent, the name that was asked for included. */
  #requestPolicy(): OriginRequestPolicy {
    return new OriginRequestPolicy(
      `${this.#name}-request`,
      {
        comment: "All that the person sent",
        cookiesConfig: { cookieBehavior: "all" },
        headersConfig: { headerBehavior: "allViewer" },
        queryStringsConfig: { queryStringBehavior: "all" },
      },
      { parent: this },
    );
  }

  #headersPolicy(): ResponseHeadersPolicy {
    const strictTransportSecurity = { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true, override: true };
    return new ResponseHeadersPolicy(
      `${this.#name}-headers`,
      { comment: "TLS only, for two years", securityHeadersConfig: { strictTransportSecurity } },
      { parent: this },
    );
  }

  #openAssetsTo(distribution: Distribution): void {
    const { bucketArn, bucketName } = this.#args.assets;
    const reader = {
      Sid: "TheNetworkReads",
      Action: "s3:GetObject",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Resource: pulumi.interpolate`${bucketArn}/*`,
      Condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
    };
    new BucketPolicy(
      `${this.#name}-assets`,
      { bucket: bucketName, policy: policyDocument([tlsOnly(bucketArn), reader]) },
      { parent: this },
    );
  }

  #logTo(distribution: Distribution): void {
    const { accountId, logDays: days = 90, protect = true, tags } = this.#args;
    const { keepLogs = protect } = this.#args;
    const name = this.#name;
    const logs = new LogBucket(
      `${name}-logs`,
      {
        accountId,
        service: "delivery.logs.amazonaws.com",
        sourceArn: `arn:aws:logs:${EDGE_REGION}:${accountId}:delivery-source:*`,
        days,
        protect,
        keep: keepLogs,
        tags,
      },
      { parent: this },
    );
    const at = { region: EDGE_REGION, tags };
    const source = new LogDeliverySource(
      `${name}-log-source`,
      { name, logType: "ACCESS_LOGS", resourceArn: distribution.arn, ...at },
      { parent: this },
    );
    const destination = new LogDeliveryDestination(
      `${name}-log-destination`,
      {
        name,
        outputFormat: "json",
        // The name waits until the service may write, which a look at the ARN would not.
        deliveryDestinationConfiguration: { destinationResourceArn: pulumi.interpolate`arn:aws:s3:::${logs.bucketName}` },
        ...at,
      },
      { parent: this },
    );
    const delivery = { deliverySourceName: source.name, deliveryDestinationArn: destination.arn };
    new LogDelivery(`${name}-log`, { ...delivery, ...at }, { parent: this });
  }
}
