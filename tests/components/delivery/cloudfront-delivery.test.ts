import assert from "node:assert/strict";
import { CloudFrontDelivery, type CloudFrontDeliveryArgs, StaticAssets } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { tags } from "../examples.ts";

const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";

const make = (changes: Partial<CloudFrontDeliveryArgs> = {}): CloudFrontDelivery =>
  new CloudFrontDelivery("cdn", {
    domain: "shop.example.com",
    certificateArn: "arn:test:certificate",
    origin: { domain: "origin.shop.example.com", secret: "only we two know" },
    assets: new StaticAssets("files", { tags }),
    firewallArn: "arn:test:firewall",
    accountId: "123456789012",
    tags,
    ...changes,
  });
const cdn = (changes: Partial<CloudFrontDeliveryArgs> = {}): Promise<Recorded[]> => record(() => make(changes));
const distribution = async (changes: Partial<CloudFrontDeliveryArgs> = {}): Promise<Readonly<Record<string, unknown>>> =>
  only(await cdn(changes), "cdn-distribution", DISTRIBUTION).inputs;

describe("CloudFrontDelivery", () => {
  it("stands before the product under its own name and certificate, with a firewall", async () => {
    const { aliases, enabled, viewerCertificate, webAclId } = await distribution();
    assert.deepEqual(
      { aliases, enabled, viewerCertificate, webAclId },
      {
        aliases: ["shop.example.com"],
        enabled: true,
        viewerCertificate: {
          acmCertificateArn: "arn:test:certificate",
          minimumProtocolVersion: "TLSv1.2_2021",
          sslSupportMethod: "sni-only",
        },
        webAclId: "arn:test:firewall",
      },
    );
  });

  it("shows the load balancer its secret, over TLS", async () => {
    const [servers] = (await distribution())["origins"] as Record<string, unknown>[];
    assert.deepEqual(servers?.["customHeaders"], [{ name: "X-Origin-Secret", value: "only we two know" }]);
    assert.equal((servers["customOriginConfig"] as Record<string, unknown>)["originProtocolPolicy"], "https-only");
    assert.equal(servers["domainName"], "origin.shop.example.com");
  });

  it("passes every method on, and keeps the answers to GET and HEAD alone", async () => {
    const behavior = (await distribution())["defaultCacheBehavior"] as Record<string, unknown>;
    assert.deepEqual(behavior["allowedMethods"], ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]);
    assert.deepEqual(behavior["cachedMethods"], ["GET", "HEAD"]);
    assert.equal(behavior["viewerProtocolPolicy"], "redirect-to-https");
  });

  it("caches nothing of which the product does not say so", async () => {
    const { defaultTtl, maxTtl, minTtl, parametersInCacheKeyAndForwardedToOrigin: key } = only(await cdn(), "cdn-cache").inputs;
    assert.deepEqual([minTtl, defaultTtl, maxTtl], [0, 0, 31_536_000]);
    assert.deepEqual(key, {
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: { queryStringBehavior: "all" },
    });
  });

  it("takes files from the bucket, and from the product where the bucket has none", async () => {
    const { orderedCacheBehaviors, originGroups } = await distribution();
    assert.deepEqual(originGroups, [
      {
        originId: "assets-or-servers",
        failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
        members: [{ originId: "assets" }, { originId: "servers" }],
      },
    ]);
    const [assets] = orderedCacheBehaviors as Record<string, unknown>[];
    assert.deepEqual([assets?.["pathPattern"], assets?.["targetOriginId"]], ["/assets/*", "assets-or-servers"]);
  });

  it("opens the bucket to itself and to nobody else", async () => {
    const { inputs } = only(await cdn(), "cdn-assets");
    const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: unknown[] };
    assert.deepEqual(Statement[1], {
      Sid: "TheNetworkReads",
      Action: "s3:GetObject",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Resource: "arn:test:files-bucket/*",
      Condition: { StringEquals: { "aws:SourceArn": "arn:test:cdn-distribution" } },
      Effect: "Allow",
    });
  });

  it("logs every request from us-east-1, where the deliveries of a global service stand", async () => {
    const resources = await cdn();
    assert.deepEqual(only(resources, "cdn-log-source").inputs, {
      name: "cdn",
      logType: "ACCESS_LOGS",
      resourceArn: "arn:test:cdn-distribution",
      region: "us-east-1",
      tags: { "platform:name": "test" },
    });
    assert.deepEqual(only(resources, "cdn-log-destination").inputs["deliveryDestinationConfiguration"], {
      destinationResourceArn: "arn:aws:s3:::cdn-logs-bucket-0123456",
    });
    assert.equal(only(resources, "cdn-log").inputs["deliverySourceName"], "cdn");
  });

  it("gives where the product's name must lead", async () => {
    const { result } = await run(() => make().alias);
    assert.deepEqual(result, { name: "cdn-distribution.cloudfront.test", zoneId: "Z2FDTNDATAQYW2" });
  });

  it("refuses to keep logs for no day", async () => {
    await assert.rejects(cdn({ logDays: 0 }), /CloudFrontDelivery "cdn": logDays is 0; allowed: 1 to 3650/);
  });
});
