import assert from "node:assert/strict";
import { WebFirewall, type WebFirewallArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { tags } from "../examples.ts";

const firewall = (changes: Partial<WebFirewallArgs> = {}): Promise<Recorded[]> =>
  record(() => new WebFirewall("wall", { region: "us-east-1", scope: "CLOUDFRONT", tags, ...changes }));

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly overrideAction?: unknown;
  readonly statement: Readonly<Record<string, unknown>>;
}
const rules = async (changes: Partial<WebFirewallArgs> = {}): Promise<Rule[]> =>
  only(await firewall(changes), "wall-acl").inputs["rules"] as Rule[];

describe("WebFirewall", () => {
  it("asks the cheapest question first: the rate, then AWS's groups", async () => {
    assert.deepEqual(
      (await rules()).map(({ name, priority }) => `${priority} ${name}`),
      [
        "0 rate",
        "1 AWSManagedRulesAmazonIpReputationList",
        "2 AWSManagedRulesKnownBadInputsRuleSet",
        "3 AWSManagedRulesCommonRuleSet",
        "4 AWSManagedRulesSQLiRuleSet",
      ],
    );
  });

  it("turns away an address that asks too often", async () => {
    const [rate] = await rules({ requestsPerFiveMinutes: 500 });
    assert.deepEqual(rate?.statement, { rateBasedStatement: { limit: 500, evaluationWindowSec: 300, aggregateKeyType: "IP" } });
  });

  it("only counts large bodies, and groups that are being tried", async () => {
    const [, , bad, common] = await rules({ countOnly: ["AWSManagedRulesKnownBadInputsRuleSet"] });
    assert.deepEqual([bad?.overrideAction, common?.overrideAction], [{ count: {} }, { none: {} }]);
    assert.deepEqual(common?.statement["managedRuleGroupStatement"], {
      vendorName: "AWS",
      name: "AWSManagedRulesCommonRuleSet",
      ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }],
    });
  });

  it("stands before a load balancer by an association, and before a distribution by the distribution's own word", async () => {
    assert.deepEqual((await firewall()).map(identity), [
      "platform:security:WebFirewall::wall",
      "platform:security:WebFirewall$aws:wafv2/webAcl:WebAcl::wall-acl",
    ]);
    const before = await firewall({ scope: "REGIONAL", region: "eu-central-1", protects: "arn:test:balancer" });
    assert.deepEqual(only(before, "wall-before").inputs, {
      webAclArn: "arn:test:wall-acl",
      resourceArn: "arn:test:balancer",
      region: "eu-central-1",
    });
  });

  it("tells of what it turned away, without how people are signed in", async () => {
    const resources = await firewall({ log: { keyArn: "arn:test:key", days: 30 } });
    assert.equal(only(resources, "wall-log", "aws:cloudwatch/logGroup:LogGroup").inputs["name"], "aws-waf-logs-wall");
    const { inputs } = only(resources, "wall-log", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration");
    assert.deepEqual(inputs["redactedFields"], [
      { singleHeader: { name: "authorization" } },
      { singleHeader: { name: "cookie" } },
    ]);
    assert.deepEqual(inputs["loggingFilter"], {
      defaultBehavior: "DROP",
      filters: [{ behavior: "KEEP", requirement: "MEETS_ANY", conditions: [{ actionCondition: { action: "BLOCK" } }] }],
    });
  });

  it("refuses what AWS would refuse later", async () => {
    await assert.rejects(firewall({ region: "eu-central-1" }), {
      message: 'WebFirewall "wall": region is eu-central-1; allowed before CloudFront: us-east-1',
    });
    await assert.rejects(
      firewall({ protects: "arn:test:distribution" }),
      /protects is given; allowed before a load balancer only/,
    );
    await assert.rejects(firewall({ requestsPerFiveMinutes: 9 }), /requestsPerFiveMinutes is 9; allowed: 10 to 2000000000/);
    await assert.rejects(firewall({ log: { keyArn: "arn:test:key", days: 0 } }), /log\.days is 0; allowed: 1 to 3653/);
  });

  it("gives what a distribution and an alarm need", async () => {
    const { result } = await run(() => {
      const { arn, metricName } = new WebFirewall("wall", { region: "us-east-1", scope: "CLOUDFRONT", tags });
      return { arn, metricName };
    });
    assert.deepEqual(result, { arn: "arn:test:wall-acl", metricName: "wall" });
  });
});
