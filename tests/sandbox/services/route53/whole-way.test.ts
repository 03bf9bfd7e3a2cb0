import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { acmDefinitions } from "../../../../sandbox/src/services/acm/index.ts";
import { closeEdges } from "../../../../sandbox/src/services/cloudfront/edges.ts";
import { cloudfrontDefinitions } from "../../../../sandbox/src/services/cloudfront/index.ts";
import { ec2Definitions } from "../../../../sandbox/src/services/ec2/index.ts";
import { elbv2Definitions } from "../../../../sandbox/src/services/elbv2/index.ts";
import { grantDomain, OWN_ZONE } from "../../../../sandbox/src/services/route53/own-domain.ts";
import { route53Definitions } from "../../../../sandbox/src/services/route53/index.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { wafv2Definitions } from "../../../../sandbox/src/services/wafv2/index.ts";
import { Stack } from "../../support/cloud.ts";
import { ALL_VIEWER, DISABLED, distributionInputs, type as cdn } from "../cloudfront/support.ts";
import { type Answer, ElbFixture, type } from "../elbv2/support.ts";
import { blocks, contains, type as waf, visibility } from "../wafv2/support.ts";

const NAME = "shop.example.com";
const ORIGIN = `origin.${NAME}`;
const SECRET = "only-the-delivery-network-knows";

class Fixture extends ElbFixture {
  override readonly stack: Stack = new Stack(this.cloud, [
    ...acmDefinitions,
    ...cloudfrontDefinitions,
    ...ec2Definitions,
    ...elbv2Definitions,
    ...route53Definitions,
    ...s3Definitions,
    ...wafv2Definitions,
  ]);

  /** What stands before CloudFront is made in one region only. */
  createAtEdge(token: string, name: string, inputs: Props): Promise<Resource> {
    const urn = `urn:pulumi:sandbox::platform::${token}::${name}`;
    const checked = this.stack.engine.check({ urn, region: "us-east-1", inputs });
    assert.deepEqual(checked.faults, []);
    return this.stack.engine.create({ urn, region: "us-east-1", inputs: checked.inputs });
  }

  record(name: string, more: Props): Promise<Resource> {
    return this.create(type.record, { zoneId: OWN_ZONE.id, name, ...more });
  }

  alias(name: string, target: Resource, output: string, zone: string): Promise<Resource> {
    const alias = { name: target.outputs[output], zoneId: target.outputs[zone], evaluateTargetHealth: false };
    return this.record(name, { type: "A", aliases: [alias] });
  }
}

describe("the whole way to a server of the sandbox: name, firewall, delivery network, origin's name, load balancer", () => {
  let fixture: Fixture;
  let url: string;
  before(async () => {
    fixture = new Fixture();
    await fixture.withImage();
    grantDomain(fixture.cloud);
    const { vpc, subnets } = await fixture.zones();

    const domain = { domainName: NAME, subjectAlternativeNames: [ORIGIN], validationMethod: "DNS" };
    const here = await fixture.create(type.certificate, domain);
    const atEdge = await fixture.createAtEdge(type.certificate, "edge", domain);
    for (const option of here.outputs["domainValidationOptions"] as unknown as Record<string, string>[]) {
      const { resourceRecordName: name = "", resourceRecordValue: value = "" } = option;
      await fixture.record(name, { type: "CNAME", ttl: 60, records: [value] });
    }
    // What waits for a certificate reads it until it is issued.
    await fixture.stack.engine.read(type.certificate, atEdge.id, "us-east-1");

    const balancer = await fixture.balancer(subnets);
    const group = await fixture.group(vpc);
    const forbidden = { contentType: "text/plain", statusCode: "403", messageBody: "Come by the front door." };
    const listener = await fixture.listener(balancer, group, {
      port: 443,
      protocol: "HTTPS",
      certificateArn: here.id,
      defaultActions: [{ type: "fixed-response", fixedResponse: forbidden }],
    });
    await fixture.create(type.rule, {
      listenerArn: listener.id,
      conditions: [{ httpHeader: { httpHeaderName: "x-origin-secret", values: [SECRET] } }],
      actions: [{ type: "forward", targetGroupArn: group.id }],
    });
    await fixture.attach(group, await fixture.server(subnets[0], "fleet"));
    await fixture.balancing.check();
    await fixture.alias(ORIGIN, balancer, "dnsName", "zoneId");

    const acl = await fixture.createAtEdge(waf.acl, "edge", {
      name: "edge",
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      rules: [blocks("admin", contains("/admin"))],
      visibilityConfig: visibility("edge"),
    });
    const origin = {
      originId: "app",
      domainName: ORIGIN,
      customHeaders: [{ name: "x-origin-secret", value: SECRET }],
      customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
    };
    const distribution = await fixture.create(
      cdn.distribution,
      distributionInputs(
        {
          aliases: [NAME],
          origins: [origin],
          webAclId: text(acl.outputs, "arn"),
          viewerCertificate: {
            acmCertificateArn: atEdge.id,
            sslSupportMethod: "sni-only",
            minimumProtocolVersion: "TLSv1.2_2021",
          },
        },
        { cachePolicyId: DISABLED, originRequestPolicyId: ALL_VIEWER },
      ),
    );
    await fixture.alias(NAME, distribution, "domainName", "hostedZoneId");
    url = fixture.cloud.addresses.doors()[0]?.[1].url ?? "";
  });
  after(async () => {
    await closeEdges(fixture.cloud);
    await fixture.end();
  });

  it("is gone by who comes to the name's door, with the client's name for it and address all the way", async () => {
    const response = await fetch(`${url}/cart?item=1`, { headers: { "x-sandbox-client": "203.0.113.7" } });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("via") ?? "", /cloudfront/i);
    const { headers, label, url: path } = (await response.json()) as Answer;
    assert.deepEqual([label, path, headers["host"]], ["fleet", "/cart?item=1", NAME]);
    assert.equal((headers["x-forwarded-for"] ?? "").split(", ")[0], "203.0.113.7");
    assert.equal(headers["x-forwarded-proto"], "https");
  });

  it("ends at the firewall for what that turns away", async () => {
    const response = await fetch(`${url}/admin`);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /Request blocked/);
  });

  it("can't be cut short: the load balancer takes only what the delivery network passes on", async () => {
    const door = fixture.cloud.addresses.doors().find(([name]) => name === ORIGIN)?.[1].url ?? "";
    const response = await fetch(door);
    assert.deepEqual([response.status, await response.text()], [403, "Come by the front door."]);
  });
});
