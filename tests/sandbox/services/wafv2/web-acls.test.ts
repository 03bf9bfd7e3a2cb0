import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { blocks, contains, managed, type, visibility, WafFixture } from "./support.ts";

const COMMON = "AWSManagedRulesCommonRuleSet";
const rate = (more: Props = {}): Props => ({ rateBasedStatement: { limit: 100, aggregateKeyType: "IP", ...more } });

describe("web ACLs of the sandbox", () => {
  let waf: WafFixture;
  beforeEach(() => {
    waf = new WafFixture();
  });
  afterEach(() => waf.end());

  it("get an ARN of their scope, and the capacity that their rules take", async () => {
    const rules = [
      managed(COMMON),
      blocks("rate", rate(), { priority: 2 }),
      blocks("admin", contains("/admin"), { priority: 3 }),
    ];
    const { id, outputs } = await waf.acl(rules);
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(outputs["arn"], `arn:aws:wafv2:${REGION}:123456789012:regional/webacl/web/${id}`);
    assert.deepEqual([outputs["name"], outputs["capacity"]], ["web", 700 + 2 + 10]);
  });

  it("have another lock token after each change", async () => {
    const acl = await waf.acl();
    const changed = await waf.stack.update(acl, "r", waf.aclInputs([managed(COMMON)]));
    assert.equal(changed.outputs["capacity"], 700);
    assert.notEqual(changed.outputs["lockToken"], acl.outputs["lockToken"]);
  });

  it("stand before CloudFront in one region only", async () => {
    await refused(
      waf.acl([], { scope: "CLOUDFRONT" }),
      "WAFInvalidParameterException",
      "Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT",
    );
    const urn = `urn:pulumi:sandbox::platform::${type.acl}::edge`;
    const acl = await waf.stack.engine.create({ urn, region: "us-east-1", inputs: waf.aclInputs([], { scope: "CLOUDFRONT" }) });
    assert.equal(acl.outputs["arn"], `arn:aws:wafv2:us-east-1:123456789012:global/webacl/web/${acl.id}`);
  });

  it("are refused with a name that is taken, twice the same priority, a body that is not there, and more rules than fit", async () => {
    await waf.acl();
    await refused(
      waf.acl(),
      "WAFDuplicateItemException",
      "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    );
    const make = (rules: Props[]): Promise<Resource> => waf.acl(rules, { name: "other" });
    await refused(
      make([managed(COMMON), blocks("rate", rate())]),
      "WAFInvalidParameterException",
      /priority more than once.*parameter: 1$/,
    );
    const custom = { block: { customResponse: { responseCode: 429, customResponseBodyKey: "slow-down" } } };
    await refused(
      make([blocks("rate", rate(), { action: custom })]),
      "WAFInvalidParameterException",
      /field: CUSTOM_RESPONSE_BODY_KEY, parameter: slow-down$/,
    );
    const many = Array.from({ length: 8 }, (_none, priority) => ({ ...managed(COMMON), name: `r${priority}`, priority }));
    await refused(
      make(many),
      "WAFLimitsExceededException",
      "AWS WAF couldn’t perform the operation because you exceeded your resource limit.",
    );
  });

  it("are replaced for a name or a scope, and change in place for the rest", () => {
    const now = waf.aclInputs([managed(COMMON)], { name: "other", scope: "CLOUDFRONT", defaultAction: { block: {} } });
    assert.deepEqual(waf.replacing(type.acl, waf.aclInputs([]), now), ["name", "scope"]);
  });

  describe("before anything is made", () => {
    const KINDS =
      "andStatement, orStatement, notStatement, byteMatchStatement, labelMatchStatement, regexMatchStatement, sizeConstraintStatement, rateBasedStatement, managedRuleGroupStatement, asnMatchStatement, geoMatchStatement, ipSetReferenceStatement, regexPatternSetReferenceStatement, ruleGroupReferenceStatement, sqliMatchStatement, xssMatchStatement";
    for (const [rule, fault] of [
      [blocks("x", {}), `statement.a statement has exactly one of ${KINDS} (given: none)`],
      [blocks("no blanks", rate()), 'name: "no blanks" is not allowed: letters, digits, hyphens and underscores are'],
      [
        blocks("x", rate(), { action: { captcha: {} } }),
        "action: the sandbox does not play captcha: nobody here answers one. It plays allow, block, count",
      ],
      [
        blocks("x", rate(), { overrideAction: { none: {} } }),
        "a rule has an action, and overrideAction only where it names a rule group",
      ],
      [
        { ...managed(COMMON), overrideAction: undefined, action: { block: {} } },
        "a rule with managedRuleGroupStatement has overrideAction (none, or count), and no action",
      ],
      [
        managed("AWSManagedRulesComonRuleSet"),
        /^statement.managedRuleGroupStatement: name: AWS keeps no rule group "AWSManagedRulesComonRuleSet"; did you mean AWSManagedRulesCommonRuleSet\?/,
      ],
      [
        managed(COMMON, { vendorName: "F5" }),
        'statement.managedRuleGroupStatement: vendorName: "F5": the sandbox has the groups of AWS alone; give "AWS"',
      ],
      [
        managed(COMMON, { ruleActionOverrides: [{ name: "SizeRestrictions_Body", actionToUse: { count: {} } }] }),
        /ruleActionOverrides: AWSManagedRulesCommonRuleSet has no rule "SizeRestrictions_Body"; there are: NoUserAgent_HEADER/,
      ],
      [blocks("x", rate({ limit: 9 })), "statement.rateBasedStatement: limit: 9 is out of range; allowed: 10 to 2000000000"],
      [
        blocks("x", rate({ evaluationWindowSec: 30 })),
        "statement.rateBasedStatement: evaluationWindowSec: 30 is not one of the allowed values: 60, 120, 300, 600",
      ],
      [
        blocks("x", rate({ aggregateKeyType: "FORWARDED_IP" })),
        "statement.rateBasedStatement: aggregation by a forwarded address needs forwardedIpConfig",
      ],
      [
        blocks("x", rate({ aggregateKeyType: "CONSTANT" })),
        "statement.rateBasedStatement: aggregateKeyType CONSTANT needs a scopeDownStatement",
      ],
      [
        blocks("x", rate({ aggregateKeyType: "CUSTOM_KEYS" })),
        "statement.rateBasedStatement: customKeys goes with aggregateKeyType CUSTOM_KEYS, which needs 1 to 5 of them",
      ],
      [
        blocks("x", { notStatement: { statement: rate() } }),
        "statement.notStatement: rateBasedStatement stands in a rule by itself, not inside another statement",
      ],
      [
        blocks("x", { andStatement: { statements: [contains("a")] } }),
        "statement.andStatement: needs at least 2 statements (given: 1)",
      ],
      [
        blocks("x", { geoMatchStatement: { countryCodes: ["DE"] } }),
        "statement.the sandbox does not play geoMatchStatement: it does not know which country an address is in",
      ],
      [
        blocks("x", contains("a", { body: {} })),
        "statement.byteMatchStatement: fieldToMatch: the sandbox does not read bodies; of a body it knows the size only",
      ],
      [
        blocks("x", contains("a", { uriPath: {} }, { textTransformations: [{ priority: 0, type: "JS_DECODE" }] })),
        /^statement.byteMatchStatement: textTransformations: "JS_DECODE" is not one of the allowed values: NONE, LOWERCASE/,
      ],
    ] as readonly [Props, string | RegExp][]) {
      it(`a rule is refused: ${typeof fault === "string" ? fault.slice(0, 120) : fault.source}`, () => {
        const [found, ...more] = waf.faults(type.acl, waf.aclInputs([rule]));
        assert.deepEqual(more, []);
        if (typeof fault === "string") assert.equal(found, `rules[]: ${fault}`);
        else assert.match((found ?? "").replace("rules[]: ", ""), fault);
      });
    }

    it("all faults are told at once", () => {
      const inputs = waf.aclInputs([blocks("x", rate({ limit: 9 }))], {
        scope: "GLOBAL",
        defaultAction: {},
        visibilityConfig: visibility("no blanks"),
      });
      assert.deepEqual(waf.faults(type.acl, inputs), [
        'scope: "GLOBAL" is not one of the allowed values: CLOUDFRONT, REGIONAL',
        "defaultAction: an action is exactly one of allow, block (given: none)",
        'visibilityConfig.metricName: "no blanks" is not allowed: letters, digits and #:./_- are',
        "rules[]: statement.rateBasedStatement: limit: 9 is out of range; allowed: 10 to 2000000000",
      ]);
    });
  });

  describe("are put before a load balancer", () => {
    let acl: Resource;
    beforeEach(async () => {
      acl = await waf.acl();
    });
    const put = (resourceArn: string, webAclArn = text(acl.outputs, "arn")): Promise<Resource> =>
      waf.create(type.association, { resourceArn, webAclArn });

    it("and are not deleted while they stand there", async () => {
      const balancer = await waf.guarded(acl);
      await refused(
        waf.stack.delete(acl),
        "WAFAssociatedItemException",
        "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
      );
      const [association] = waf.cloud.world.all(type.association);
      assert.equal(association?.id, `${text(acl.outputs, "arn")},${balancer.id}`);
      assert.ok(association);
      await waf.stack.delete(association);
      await waf.stack.delete(acl);
    });

    it("that exists, and not before anything else", async () => {
      const words = "AWS WAF couldn’t perform the operation because your resource doesn’t exist.";
      const { subnets } = await waf.zones();
      const balancer = await waf.balancer(subnets);
      await refused(put(`${balancer.id}0`), "WAFNonexistentItemException", words);
      await refused(put(balancer.id, `${text(acl.outputs, "arn")}0`), "WAFNonexistentItemException", words);
      await refused(
        put("arn:aws:cloudfront::123456789012:distribution/E1"),
        "WAFInvalidParameterException",
        "Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: arn:aws:cloudfront::123456789012:distribution/E1",
      );
      const urn = `urn:pulumi:sandbox::platform::${type.acl}::edge`;
      const edge = await waf.stack.engine.create({
        urn,
        region: "us-east-1",
        inputs: waf.aclInputs([], { scope: "CLOUDFRONT" }),
      });
      await refused(put(balancer.id, text(edge.outputs, "arn")), "WAFNonexistentItemException", words);
    });
  });
});
