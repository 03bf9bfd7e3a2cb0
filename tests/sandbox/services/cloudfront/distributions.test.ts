import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { closeDoors } from "../../../../sandbox/src/plane/doors.ts";
import { locateName } from "../../../../sandbox/src/plane/name-doors.ts";
import { edgesOf } from "../../../../sandbox/src/services/cloudfront/edges.ts";
import { refused } from "../../support/refused.ts";
import { behaviorInputs, cachePolicyInputs, CdnFixture, customOrigin, distributionInputs, type } from "./support.ts";

describe("distributions of CloudFront", () => {
  let cdn: CdnFixture;
  beforeEach(async () => {
    cdn = await CdnFixture.start();
  });
  afterEach(() => cdn.end());

  /** A certificate as ACM has it once its domain was shown to be ours. */
  const certificate = (region: string, domainName: string, status = "ISSUED"): string => {
    const id = `arn:aws:acm:${region}:123456789012:certificate/${domainName}`;
    const inputs = { domainName, subjectAlternativeNames: [`*.${domainName}`] };
    cdn.cloud.world.put({
      ...{ type: "aws:acm/certificate:Certificate", id, urn: "", region, inputs },
      ...{ outputs: { ...inputs, arn: id, status }, phase: "ready", claimed: true },
    });
    return id;
  };
  const withCertificate = (acmCertificateArn: string): Props => ({
    viewerCertificate: { acmCertificateArn, sslSupportMethod: "sni-only", minimumProtocolVersion: "TLSv1.2_2021" },
  });

  it("have the outputs of the cloud", async () => {
    const { id, outputs } = await cdn.distribution();
    assert.match(id, /^E[A-Z0-9]{13}$/);
    assert.match(text(outputs, "domainName"), /^d[a-z0-9]{13}\.cloudfront\.net$/);
    assert.deepEqual(
      [outputs["arn"], outputs["hostedZoneId"], outputs["status"], outputs["lastModifiedTime"]],
      [`arn:aws:cloudfront::123456789012:distribution/${id}`, "Z2FDTNDATAQYW2", "Deployed", "2026-03-01T12:00:00.000Z"],
    );
    const [name, door] = cdn.cloud.addresses.doors()[0] ?? [];
    assert.deepEqual([name, door?.target], [id, outputs["domainName"]]);
  });

  it("are asked by the names that their certificate covers", async () => {
    const row = await cdn.distribution({
      aliases: ["shop.example.com", "www.shop.example.com"],
      ...withCertificate(certificate("us-east-1", "shop.example.com")),
    });
    assert.equal((await cdn.get(row, "/", { headers: { host: "www.shop.example.com" } })).status, 200);
  });

  for (const [what, inputs, code, message] of [
    [
      "a name without a certificate",
      () => ({ aliases: ["shop.example.com"] }),
      "InvalidViewerCertificate",
      /you must attach a trusted certificate/,
    ],
    [
      "a certificate of another region",
      () => ({ aliases: ["shop.example.com"], ...withCertificate(certificate("eu-central-1", "shop.example.com")) }),
      "InvalidViewerCertificate",
      /isn't in us-east-1 region/,
    ],
    [
      "a certificate that is not issued",
      () => ({
        aliases: ["shop.example.com"],
        ...withCertificate(certificate("us-east-1", "shop.example.com", "PENDING_VALIDATION")),
      }),
      "InvalidViewerCertificate",
      /isn't valid/,
    ],
    [
      "a name that the certificate does not cover",
      () => ({ aliases: ["a.b.shop.example.com"], ...withCertificate(certificate("us-east-1", "shop.example.com")) }),
      "InvalidViewerCertificate",
      /doesn't cover the alternate domain name \(CNAME\) that you're trying to add: a\.b\.shop\.example\.com\.$/,
    ],
    [
      "a target that is no origin",
      () => ({ defaultCacheBehavior: behaviorInputs({ targetOriginId: "other" }) }),
      "NoSuchOrigin",
      "One or more of your origins or origin groups do not exist.",
    ],
    [
      "a cache policy and forwarded values",
      () => ({ defaultCacheBehavior: behaviorInputs({ forwardedValues: { queryString: true, cookies: { forward: "none" } } }) }),
      "InvalidArgument",
      "The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior.",
    ],
    [
      "neither of them",
      () => ({ defaultCacheBehavior: behaviorInputs({ cachePolicyId: "" }) }),
      "InvalidArgument",
      "The parameter ForwardedValues is required.",
    ],
    [
      "a set of methods that there is not",
      () => ({ defaultCacheBehavior: behaviorInputs({ allowedMethods: ["GET", "POST"] }) }),
      "InvalidArgument",
      /^The parameter AllowedMethods of \* is GET, POST; allowed: GET, HEAD; or/,
    ],
    [
      "a web ACL that is not CloudFront's",
      () => ({ webAclId: "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/b" }),
      "InvalidWebACLId",
      /^Web ACL is not accessible by the requester/,
    ],
    [
      "a bucket's name for a custom origin",
      () => ({ origins: [customOrigin({ domainName: "assets.s3.amazonaws.com" })] }),
      "InvalidArgument",
      "The origin app is an Amazon S3 bucket and cannot have a customOriginConfig.",
    ],
    [
      "an error's page without a status",
      () => ({ customErrorResponses: [{ errorCode: 404, responsePagePath: "/404.html" }] }),
      "InvalidArgument",
      "The parameters ResponsePagePath and ResponseCode of a custom error response must be given together.",
    ],
    [
      "a bucket for logs that there is not",
      () => ({ loggingConfig: { bucket: "logs.s3.amazonaws.com" } }),
      "InvalidArgument",
      /^The S3 bucket that you specified for CloudFront logs doesn't exist/,
    ],
  ] as const) {
    it(`refuse ${what}`, async () => {
      await refused(cdn.distribution(inputs()), code, message);
    });
  }

  it("have each name once", async () => {
    const inputs = { aliases: ["shop.example.com"], ...withCertificate(certificate("us-east-1", "shop.example.com")) };
    await cdn.distribution(inputs);
    await refused(
      cdn.stack.create(type.distribution, "other", distributionInputs(inputs)),
      "CNAMEAlreadyExists",
      "One or more of the CNAMEs you provided are already associated with a different resource: shop.example.com.",
    );
  });

  for (const [inputs, fault] of [
    [
      { defaultRootObject: "/index.html" },
      'defaultRootObject: "/index.html" is not allowed: an object such as index.html, without a slash before it',
    ],
    [
      { priceClass: "PriceClass_1" },
      'priceClass: "PriceClass_1" is not one of the allowed values: PriceClass_All, PriceClass_200, PriceClass_100',
    ],
    [
      { restrictions: { geoRestriction: { restrictionType: "whitelist", locations: ["DE"] } } },
      'restrictions.geoRestriction.restrictionType: the sandbox knows no countries: restrictionType is "none"',
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(inputs)}`, () => {
      assert.deepEqual(cdn.stack.faults(type.distribution, "cdn", distributionInputs(inputs as unknown as Props)), [fault]);
    });
  }

  it("keep their policies and controls from being deleted", async () => {
    const cases: [string, Props, (row: Resource) => Promise<Resource>, string][] = [
      [type.cachePolicy, cachePolicyInputs(), (row) => cdn.distribution({}, { cachePolicyId: row.id }), "CachePolicyInUse"],
      [
        type.requestPolicy,
        {
          name: "request",
          cookiesConfig: { cookieBehavior: "all" },
          headersConfig: { headerBehavior: "none" },
          queryStringsConfig: { queryStringBehavior: "all" },
        },
        (row) =>
          cdn.distribution({ orderedCacheBehaviors: [behaviorInputs({ pathPattern: "/x", originRequestPolicyId: row.id })] }),
        "OriginRequestPolicyInUse",
      ],
    ];
    for (const [token, inputs, use, code] of cases) {
      const row = await cdn.stack.create(token, "policy", inputs);
      const user = await use(row);
      await refused(cdn.stack.delete(row), code);
      await cdn.stack.delete(user);
      await cdn.stack.delete(row);
    }
    await refused(
      cdn.distribution({}, { cachePolicyId: "gone" }),
      "NoSuchCachePolicy",
      "The specified cache policy does not exist.",
    );
  });

  it("publish how many requests they had, how many failed, and how many were hits", async () => {
    const row = await cdn.distribution();
    cdn.origin.answer = ({ url }, response) => response.writeHead(url === "/a" ? 200 : url === "/b" ? 404 : 500).end("12345");
    for (const path of ["/a", "/a", "/b", "/c"]) await cdn.get(row, path);
    cdn.cloud.metrics.length = 0;
    edgesOf(cdn.cloud).traffic.publish(cdn.cloud, 0);
    assert.deepEqual(cdn.cloud.metrics[0]?.dimensions, { DistributionId: row.id, Region: "Global" });
    assert.deepEqual(Object.fromEntries(cdn.cloud.metrics.map(({ name, value }) => [name, value])), {
      Requests: 4,
      BytesDownloaded: 20,
      BytesUploaded: 0,
      TotalErrorRate: 50,
      "4xxErrorRate": 25,
      "5xxErrorRate": 25,
      CacheHitRate: 25,
    });
  });

  it("are where an alias of Route 53 leads", async () => {
    const arn = certificate("us-east-1", "acme-shop.io");
    const row = await cdn.distribution({ aliases: ["www.acme-shop.io"], ...withCertificate(arn) });
    const zone = await cdn.stack.create("aws:route53/zone:Zone", "zone", { name: "acme-shop.io" });
    const alias = {
      name: text(row.outputs, "domainName"),
      zoneId: text(row.outputs, "hostedZoneId"),
      evaluateTargetHealth: false,
    };
    const record = { zoneId: zone.id, name: "www.acme-shop.io", type: "A", aliases: [alias] };
    await cdn.stack.create("aws:route53/record:Record", "record", record);
    const local = cdn.cloud.addresses.resolve(`${text(row.outputs, "domainName")}:443`);
    assert.deepEqual(locateName(cdn.cloud, "www.acme-shop.io"), {
      port: local?.port,
      what: text(row.outputs, "domainName"),
      proxied: false,
    });
    await closeDoors(cdn.cloud);
  });

  it("ask a firewall first, by its rules and in its words", async () => {
    const block = {
      ...{ name: "bots", priority: 0, action: { block: {} } },
      statement: {
        byteMatchStatement: {
          fieldToMatch: { singleHeader: { name: "user-agent" } },
          ...{ positionalConstraint: "CONTAINS", searchString: "bot", textTransformations: [{ priority: 0, type: "LOWERCASE" }] },
        },
      },
      visibilityConfig: { cloudwatchMetricsEnabled: false, metricName: "bots", sampledRequestsEnabled: false },
    };
    const acl = await cdn.stack.engine.create({
      urn: "urn:pulumi:sandbox::platform::aws:wafv2/webAcl:WebAcl::acl",
      region: "us-east-1",
      inputs: {
        ...{ name: "acl", scope: "CLOUDFRONT", defaultAction: { allow: {} }, rules: [block] },
        visibilityConfig: { cloudwatchMetricsEnabled: false, metricName: "acl", sampledRequestsEnabled: false },
      },
    });
    const row = await cdn.distribution({ webAclId: text(acl.outputs, "arn") });
    assert.equal((await cdn.get(row, "/", { headers: { "user-agent": "EvilBot" } })).status, 403);
    assert.equal((await cdn.get(row, "/", { headers: { "user-agent": "browser" } })).status, 200);
    assert.equal(cdn.origin.asked.length, 1);
  });

  it("are changed in place, and replaced for nothing that may change", () => {
    const { changes } = cdn.stack.engine.diff(
      type.distribution,
      distributionInputs(),
      distributionInputs({ comment: "new", priceClass: "PriceClass_100" }),
    );
    assert.deepEqual(
      changes.map(({ path, replace }) => [path, replace]),
      [
        ["comment", false],
        ["priceClass", false],
      ],
    );
  });
});

describe("policies of CloudFront", () => {
  let cdn: CdnFixture;
  beforeEach(async () => {
    cdn = await CdnFixture.start();
  });
  afterEach(() => cdn.end());

  it("have names of their own, and times in their order", async () => {
    await cdn.stack.create(type.cachePolicy, "policy", cachePolicyInputs());
    await refused(
      cdn.stack.create(type.cachePolicy, "again", cachePolicyInputs()),
      "CachePolicyAlreadyExists",
      "A cache policy with this name already exists: policy. You must provide a unique name.",
    );
    await refused(
      cdn.stack.create(type.cachePolicy, "other", cachePolicyInputs({ name: "other", minTtl: 100 })),
      "InvalidTTLOrder",
      "The order of your TTL values is invalid: minTtl 100, defaultTtl 60, maxTtl 3600 must not fall.",
    );
  });

  it("name what they are about, and only then", () => {
    const faults = (parameters: Props): string[] =>
      cdn.stack.faults(type.cachePolicy, "policy", cachePolicyInputs({}, parameters));
    assert.deepEqual(faults({ headersConfig: { headerBehavior: "whitelist" } }), [
      'parametersInCacheKeyAndForwardedToOrigin.headersConfig: with headerBehavior "whitelist", headers.items must name at least one',
    ]);
    assert.deepEqual(faults({ cookiesConfig: { cookieBehavior: "some" } }), [
      'parametersInCacheKeyAndForwardedToOrigin.cookiesConfig: cookieBehavior is "some"; allowed: none, whitelist, allExcept, all',
    ]);
  });

  it("of response headers do not let everybody in with credentials", async () => {
    const corsConfig = {
      accessControlAllowCredentials: true,
      accessControlAllowHeaders: { items: ["*"] },
      accessControlAllowMethods: { items: ["GET"] },
      accessControlAllowOrigins: { items: ["*"] },
      originOverride: true,
    };
    await refused(
      cdn.stack.create(type.headersPolicy, "headers", { name: "headers", corsConfig }),
      "InvalidArgument",
      "Access-Control-Allow-Origin cannot be * when Access-Control-Allow-Credentials is true.",
    );
  });
});
