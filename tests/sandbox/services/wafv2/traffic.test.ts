import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { inspect } from "../../../../sandbox/src/services/wafv2/inspection.ts";
import { REGION } from "../../support/cloud.ts";
import { blocks, contains, managed, type, visibility, WafFixture } from "./support.ts";

describe("what comes to a web ACL of the sandbox", () => {
  let waf: WafFixture;
  let acl: Resource;
  let balancer: Resource;
  before(async () => {
    waf = new WafFixture();
    acl = await waf.acl();
    balancer = await waf.guarded(acl);
  });
  beforeEach(() => {
    waf.cloud.metrics.length = 0;
    waf.cloud.logs.length = 0;
  });
  after(() => waf.end());

  /** Lets the web ACL have these rules from now on. */
  async function follow(rules: readonly Props[], more: Props = {}): Promise<void> {
    acl = await waf.stack.update(acl, "r", waf.aclInputs(rules, more));
  }
  const ask = (path = "/", init: RequestInit = {}): Promise<number> => waf.status(balancer, path, init);
  const from = (address: string): RequestInit => ({ headers: { "x-forwarded-for": address } });

  it("goes on where no rule decides", async () => {
    await follow([]);
    assert.equal(await ask(), 200);
    assert.deepEqual(waf.counts(), { "AllowedRequests Default_Action": 1, "AllowedRequests ALL": 1 });
    assert.deepEqual(
      waf.cloud.metrics.map(({ dimensions }) => dimensions),
      [
        { WebACL: "firewall", Rule: "Default_Action", Region: REGION },
        { WebACL: "firewall", Rule: "ALL", Region: REGION },
      ],
    );
  });

  it("is blocked with the load balancer's own page", async () => {
    await follow([blocks("admin", contains("/admin"))]);
    const response = await fetch(`${waf.url(balancer)}/admin`);
    assert.deepEqual(
      [response.status, response.headers.get("server"), await response.text()],
      [
        403,
        "awselb/2.0",
        "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n",
      ],
    );
    assert.deepEqual(waf.counts(), { "BlockedRequests admin": 1, "BlockedRequests ALL": 1 });
  });

  it("is blocked with an answer of one's own", async () => {
    const customResponse = {
      responseCode: 429,
      customResponseBodyKey: "slow-down",
      responseHeaders: [{ name: "Retry-After", value: "60" }],
    };
    await follow([blocks("admin", contains("/admin"), { action: { block: { customResponse } } })], {
      customResponseBodies: [{ key: "slow-down", contentType: "APPLICATION_JSON", content: '{"title":"Slow down"}' }],
    });
    const response = await fetch(`${waf.url(balancer)}/admin`);
    assert.deepEqual(
      [response.status, response.headers.get("retry-after"), response.headers.get("content-type"), await response.json()],
      [429, "60", "application/json; charset=utf-8", { title: "Slow down" }],
    );
  });

  it("meets the rules in the order of their priorities: the first that allows or blocks decides, and those that count go on", async () => {
    const rule = (name: string, priority: number, action: Props): Props => blocks(name, contains("/x"), { priority, action });
    await follow([
      rule("last", 30, { block: {} }),
      rule("counts", 10, { count: { customRequestHandling: { insertHeaders: [{ name: "seen", value: "yes" }] } } }),
      rule("lets-in", 20, { allow: {} }),
    ]);
    assert.equal(await ask("/x"), 200);
    assert.deepEqual(waf.counts(), {
      "CountedRequests counts": 1,
      "CountedRequests ALL": 1,
      "AllowedRequests lets-in": 1,
      "AllowedRequests ALL": 1,
    });
  });

  it("is blocked by default where only what a rule lets in may pass", async () => {
    await follow([blocks("shop", contains("/shop"), { action: { allow: {} } })], { defaultAction: { block: {} } });
    assert.deepEqual([await ask("/shop"), await ask("/")], [200, 403]);
  });

  it("brings headers along that a rule put on it, when it goes on to a distribution or a load balancer", async () => {
    await follow([
      blocks("marks", contains("/"), {
        action: { count: { customRequestHandling: { insertHeaders: [{ name: "Seen", value: "yes" }] } } },
      }),
    ]);
    const asked = { method: "GET", host: "shop.example.com", path: "/", query: "", headers: {}, source: "192.0.2.1" };
    const arn = text(acl.outputs, "arn");
    assert.deepEqual(inspect(waf.cloud, arn, asked, { kind: "CF", id: "E1" }), { insert: { "x-amzn-waf-seen": "yes" } });
    assert.deepEqual(inspect(waf.cloud, `${arn}0`, asked, { kind: "CF", id: "E1" }), { insert: {} });
  });

  describe("is counted by client", () => {
    const rate = (more: Props = {}): Props => ({
      rateBasedStatement: { limit: 10, evaluationWindowSec: 60, aggregateKeyType: "IP", ...more },
    });
    const forwarded = (fallbackBehavior = "NO_MATCH"): Props => ({
      aggregateKeyType: "FORWARDED_IP",
      forwardedIpConfig: { headerName: "X-Forwarded-For", fallbackBehavior },
    });
    const many = async (count: number, path = "/", init: RequestInit = {}): Promise<string> => {
      const all: number[] = [];
      for (let time = 0; time < count; time++) all.push(await ask(path, init));
      return [200, 403].map((status) => all.filter((each) => each === status).length).join(" passed, ") + " blocked";
    };

    it("and blocked when it is over the limit, until the window has moved on", async () => {
      await follow([blocks("rate", rate())]);
      assert.equal(await many(13), "10 passed, 3 blocked");
      assert.deepEqual(waf.counts()["BlockedRequests rate"], 3);
      waf.cloud.pass(59_000);
      assert.equal(await ask(), 403);
      // Those of the first second are out of the window, and only the one just now counts.
      waf.cloud.pass(1_000);
      assert.equal(await ask(), 200);
    });

    it("as whom a load generator says that it plays", async () => {
      await follow([blocks("rate", rate())]);
      assert.equal(await many(11, "/", { headers: { "x-sandbox-client": "192.0.2.1" } }), "10 passed, 1 blocked");
      assert.equal(await many(10, "/", { headers: { "x-sandbox-client": "192.0.2.2" } }), "10 passed, 0 blocked");
    });

    it("whom a proxy before it names, by the first address", async () => {
      await follow([blocks("rate", rate(forwarded()))]);
      assert.equal(await many(11, "/", from("192.0.2.1, 198.51.100.7")), "10 passed, 1 blocked");
      assert.equal(await many(10, "/", from("192.0.2.2, 198.51.100.7")), "10 passed, 0 blocked");
    });

    for (const [fallback, status] of [
      ["MATCH", 403],
      ["NO_MATCH", 200],
    ] as const) {
      it(`and gets ${status} where the header holds no address and the fallback is ${fallback}; without the header it passes`, async () => {
        await follow([blocks("rate", rate(forwarded(fallback)))]);
        assert.deepEqual([await ask("/", from("unknown")), await ask("/")], [status, 200]);
      });
    }

    it("only where the rule is narrowed down to it", async () => {
      await follow([blocks("rate", rate({ scopeDownStatement: contains("/login") }))]);
      assert.equal(await many(12), "12 passed, 0 blocked");
      assert.equal(await many(12, "/login"), "10 passed, 2 blocked");
    });

    it("by keys of one's own", async () => {
      const customKeys = [
        { header: { name: "x-api-key", textTransformations: [{ priority: 0, type: "NONE" }] } },
        { httpMethod: {} },
      ];
      await follow([blocks("rate", rate({ aggregateKeyType: "CUSTOM_KEYS", customKeys }))]);
      const key = (value: string): RequestInit => ({ headers: { "x-api-key": value } });
      assert.equal(await many(11, "/", key("one")), "10 passed, 1 blocked");
      assert.equal(await many(10, "/", key("two")), "10 passed, 0 blocked");
      assert.equal(await many(10, "/", { ...key("one"), method: "POST" }), "10 passed, 0 blocked");
      assert.equal(await many(12), "12 passed, 0 blocked");
    });
  });

  describe("is looked at by groups of AWS's own rules", () => {
    const COMMON = "AWSManagedRulesCommonRuleSet";
    const cases: readonly [group: string, what: string, path: string, init: RequestInit, status: number][] = [
      [COMMON, "an ordinary request", "/cart?item=1", {}, 200],
      [COMMON, "a body of 8 KiB", "/", { method: "POST", body: "x".repeat(8192) }, 200],
      [COMMON, "a larger body", "/", { method: "POST", body: "x".repeat(8193) }, 403],
      [COMMON, "a long query", `/?q=${"x".repeat(2047)}`, {}, 403],
      [COMMON, "an empty user agent", "/", { headers: { "user-agent": "" } }, 403],
      [COMMON, "a way up the tree", "/?file=..%2F..%2Fetc", {}, 403],
      [COMMON, "the address of the metadata service", "/?u=http://169.254.169.254/", {}, 403],
      [COMMON, "a script", "/?q=%3Cscript%3Ealert(1)%3C/script%3E", {}, 403],
      ["AWSManagedRulesKnownBadInputsRuleSet", "a look-up by JNDI", "/", { headers: { "x-api": "${jndi:ldap://x}" } }, 403],
      ["AWSManagedRulesSQLiRuleSet", "SQL", "/?id=1'%20or%20'1'='1", {}, 403],
      ["AWSManagedRulesSQLiRuleSet", "a text that mentions it", "/?q=select%20a%20dress", {}, 200],
      ["AWSManagedRulesLinuxRuleSet", "a file of the system", "/?f=/etc/passwd", {}, 403],
      ["AWSManagedRulesAmazonIpReputationList", "anybody", "/", {}, 200],
      ["AWSManagedRulesBotControlRuleSet", "anybody", "/", {}, 200],
    ];
    for (const [group, what, path, init, status] of cases) {
      it(`${group} answers ${what} with ${status}`, async () => {
        await follow([managed(group)]);
        assert.equal(await ask(path, init), status);
      });
    }

    const script = "/?q=%3Cscript%3E";

    it("which can be taken down to counting, as a whole or one by one", async () => {
      await follow([managed(COMMON, {}, { count: {} })]);
      assert.equal(await ask(script), 200);
      assert.equal(waf.counts()[`CountedRequests ${COMMON}`], 1);
      await follow([
        managed(COMMON, { ruleActionOverrides: [{ name: "CrossSiteScripting_QUERYARGUMENTS", actionToUse: { count: {} } }] }),
      ]);
      assert.equal(await ask(script), 200);
      assert.equal(await ask(`${script}../../`), 403);
    });

    it("only where that is narrowed down", async () => {
      await follow([managed(COMMON, { scopeDownStatement: contains("/shop") })]);
      assert.deepEqual([await ask(script), await ask(`/shop${script}`)], [200, 403]);
    });

    it("whose labels a later rule goes by", async () => {
      const statement = {
        andStatement: {
          statements: [
            {
              labelMatchStatement: { scope: "LABEL", key: "awswaf:managed:aws:core-rule-set:CrossSiteScripting_QueryArguments" },
            },
            { notStatement: { statement: contains("/editor") } },
          ],
        },
      };
      await follow([managed(COMMON, {}, { count: {} }), blocks("scripts", statement, { priority: 2 })]);
      assert.deepEqual([await ask(`/editor${script}`), await ask(script)], [200, 403]);
    });
  });

  describe("is matched", () => {
    const none = [{ priority: 0, type: "NONE" }];
    const low = [
      { priority: 1, type: "LOWERCASE" },
      { priority: 0, type: "URL_DECODE" },
    ];
    for (const [what, statement, yes, no] of [
      [
        "by a pattern",
        { regexMatchStatement: { regexString: "^/v[12]/", fieldToMatch: { uriPath: {} }, textTransformations: none } },
        "/v1/x",
        "/v3/x",
      ],
      [
        "by the size of a part",
        {
          sizeConstraintStatement: {
            comparisonOperator: "GT",
            size: 5,
            fieldToMatch: { queryString: {} },
            textTransformations: none,
          },
        },
        "/?a=1234",
        "/?a=1",
      ],
      [
        "after transformations, in their order",
        contains("/admin", { uriPath: {} }, { textTransformations: low }),
        "/%41DMIN",
        "/a",
      ],
      ["by an argument", contains("yes", { singleQueryArgument: { name: "debug" } }), "/?debug=yes", "/?other=yes"],
      ["by any argument", contains("yes", { allQueryArguments: {} }), "/?other=yes", "/yes"],
      ["by a word", contains("cat", { uriPath: {} }, { positionalConstraint: "CONTAINS_WORD" }), "/a-cat-b", "/category"],
      ["at its end", contains(".php", { uriPath: {} }, { positionalConstraint: "ENDS_WITH" }), "/x.php", "/x.php5"],
      ["by one of several", { orStatement: { statements: [contains("/a"), contains("/b")] } }, "/b", "/c"],
      ["by none", { notStatement: { statement: contains("/a") } }, "/b", "/a"],
    ] as readonly [string, Props, string, string][]) {
      it(what, async () => {
        await follow([blocks("x", statement)]);
        assert.deepEqual([await ask(yes), await ask(no)], [403, 200]);
      });
    }

    it("by cookies and headers", async () => {
      const cookies = { matchPatterns: [{ includedCookies: ["session"] }], matchScope: "VALUE", oversizeHandling: "CONTINUE" };
      const headers = [{ matchPattern: { excludedHeaders: ["user-agent"] }, matchScope: "VALUE", oversizeHandling: "CONTINUE" }];
      await follow([blocks("c", contains("evil", { cookies })), blocks("h", contains("evil", { headers }), { priority: 2 })]);
      const brings = (name: string, value: string): Promise<number> => ask("/", { headers: { [name]: value } });
      assert.deepEqual(
        [await brings("x-any", "evil"), await brings("user-agent", "evil"), await brings("user-agent", "good")],
        [403, 200, 200],
      );
      await follow([blocks("c", contains("evil", { cookies }))]);
      assert.deepEqual([await brings("cookie", "a=evil; session=evil"), await brings("cookie", "a=evil")], [403, 200]);
    });
  });

  describe("is logged", () => {
    const group = "aws-waf-logs-web";
    const destination = `arn:aws:logs:${REGION}:123456789012:log-group:${group}`;
    const logging = (more: Props = {}): Promise<Resource> =>
      waf.create(type.logging, { resourceArn: text(acl.outputs, "arn"), logDestinationConfigs: [destination], ...more });
    const lines = (): Props[] => waf.cloud.logs.map(({ line }) => JSON.parse(line) as Props);
    before(() => waf.create(type.logGroup, { name: group }));

    it("into a log group whose name begins as it must, and that exists", async () => {
      const arn = `arn:aws:logs:${REGION}:123456789012:log-group:`;
      await assert.rejects(logging({ logDestinationConfigs: [`${arn}web`] }), {
        code: "WAFInvalidParameterException",
        message: `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: LOG_DESTINATION, parameter: ${arn}web`,
      });
      await assert.rejects(logging({ logDestinationConfigs: [`${arn}aws-waf-logs-none`] }), {
        code: "WAFLogDestinationPermissionIssueException",
      });
    });

    it("with what was asked, what decided, and nothing that is to stay hidden", async () => {
      await follow([
        blocks("admin", contains("/admin"), { ruleLabels: [{ name: "area:admin" }], visibilityConfig: visibility("a") }),
      ]);
      const row = await logging({ redactedFields: [{ singleHeader: { name: "authorization" } }, { queryString: {} }] });
      await ask("/admin?token=secret", { headers: { authorization: "Bearer secret" } });
      const [told] = waf.cloud.logs;
      assert.deepEqual([told?.group, told?.stream], [group, `${REGION}_web_0`]);
      assert.ok(!told?.line.includes("secret"));
      const [{ httpRequest, ...line } = {}] = lines();
      assert.deepEqual(line, {
        timestamp: waf.cloud.now(),
        formatVersion: 1,
        webaclId: text(acl.outputs, "arn"),
        terminatingRuleId: "admin",
        terminatingRuleType: "REGULAR",
        action: "BLOCK",
        terminatingRuleMatchDetails: [],
        httpSourceName: "ALB",
        httpSourceId: `123456789012-${text(balancer.outputs, "arnSuffix")}`,
        ruleGroupList: [],
        rateBasedRuleList: [],
        nonTerminatingMatchingRules: [],
        requestHeadersInserted: [],
        responseCodeSent: null,
        labels: [{ name: "awswaf:123456789012:webacl:web:area:admin" }],
      });
      const { clientIp, uri, args, httpMethod } = httpRequest as Props;
      assert.deepEqual([clientIp, uri, args, httpMethod], ["127.0.0.1", "/admin", "REDACTED", "GET"]);
      await waf.stack.delete(row);
      await ask("/admin");
      assert.equal(waf.cloud.logs.length, 1);
    });

    it("where the filter keeps it", async () => {
      await follow([blocks("admin", contains("/admin"))]);
      const filters = [{ behavior: "KEEP", requirement: "MEETS_ANY", conditions: [{ actionCondition: { action: "BLOCK" } }] }];
      const row = await logging({ loggingFilter: { defaultBehavior: "DROP", filters } });
      await ask("/");
      await ask("/admin");
      assert.deepEqual(
        lines().map(({ action }) => action),
        ["BLOCK"],
      );
      await waf.stack.delete(row);
    });

    it("in log groups only", () => {
      const faults = waf.faults(type.logging, {
        resourceArn: "arn:aws:wafv2:x",
        logDestinationConfigs: ["arn:aws:s3:::aws-waf-logs-x"],
      });
      assert.deepEqual(faults, [
        'logDestinationConfigs[]: "arn:aws:s3:::aws-waf-logs-x": the sandbox writes logs of a web ACL into log groups of CloudWatch only',
      ]);
    });
  });
});
