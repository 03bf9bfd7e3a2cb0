import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { ElbFixture, type } from "./support.ts";

describe("listener rules of the sandbox", () => {
  let elb: ElbFixture;
  let balancer: Resource;
  let group: Resource;
  let listener: Resource;
  beforeEach(async () => {
    elb = new ElbFixture();
    const { vpc, subnets } = await elb.zones();
    balancer = await elb.balancer(subnets);
    group = await elb.group(vpc);
    listener = await elb.listener(balancer, group, { defaultActions: [fixed("none")] });
  });
  afterEach(() => elb.end());

  const fixed = (messageBody: string): Props => ({
    type: "fixed-response",
    fixedResponse: { contentType: "text/plain", statusCode: "200", messageBody },
  });
  const path = (...values: string[]): Props => ({ pathPattern: { values } });
  const rule = (body: string, conditions: Props[], more: Props = {}): Promise<Resource> =>
    elb.create(type.rule, { listenerArn: listener.id, actions: [fixed(body)], conditions, ...more });
  const body = async (at: string, init: RequestInit = {}): Promise<string> => (await fetch(elb.url(balancer) + at, init)).text();

  it("get an ARN beside that of their listener, and the next priority", async () => {
    const first = await rule("one", [path("/one")], { priority: 10 });
    assert.match(first.id, new RegExp(`^${listener.id.replace(":listener/", ":listener-rule/")}/[0-9a-f]{16}$`));
    const second = await rule("two", [path("/two")]);
    assert.deepEqual([first.outputs["priority"], second.outputs["priority"]], [10, 11]);
  });

  it("decide before the default action, in the order of their priorities", async () => {
    await rule("all of it", [path("/shop/*")], { priority: 20 });
    const first = await rule("the cart", [path("/shop/cart")], { priority: 10 });
    assert.deepEqual(await Promise.all([body("/shop/cart"), body("/shop/shoes"), body("/")]), ["the cart", "all of it", "none"]);
    await elb.stack.update(first, "r", { ...first.inputs, priority: 30 });
    assert.equal(await body("/shop/cart"), "all of it");
  });

  it("say what is done from now on when they change, and nothing once they are deleted", async () => {
    const row = await rule("one", [path("/one")]);
    await elb.stack.update(row, "r", { ...row.inputs, actions: [fixed("uno")] });
    assert.equal(await body("/one"), "uno");
    await elb.stack.delete(row);
    assert.equal(await body("/one"), "none");
  });

  it("have a priority to themselves", async () => {
    const first = await rule("one", [path("/one")], { priority: 10 });
    await refused(rule("two", [path("/two")], { priority: 10 }), "PriorityInUse", "Priority '10' is currently in use");
    const second = await rule("two", [path("/two")], { priority: 11 });
    await refused(elb.stack.update(second, "r", { ...second.inputs, priority: 10 }), "PriorityInUse");
    await elb.stack.update(first, "r", first.inputs);
  });

  it("need a listener and groups that exist, and keep the groups from being deleted", async () => {
    const nowhere = { listenerArn: "none", actions: [fixed("one")], conditions: [path("/one")] };
    await refused(elb.create(type.rule, nowhere), "ListenerNotFound", "One or more listeners not found");
    const actions = (targetGroupArn: string): Props => ({ actions: [{ type: "forward", targetGroupArn }] });
    await refused(rule("", [path("/one")], actions("none")), "TargetGroupNotFound", "One or more target groups not found");
    const row = await rule("", [path("/one")], actions(group.id));
    await refused(elb.stack.delete(group), "ResourceInUse");
    await elb.stack.delete(row);
    await elb.stack.delete(group);
  });

  describe("ask", () => {
    for (const [conditions, at, init, matches] of [
      [[path("/a", "/b*")], "/bc", {}, true],
      [[path("/a?c")], "/abc", {}, true],
      [[path("/a")], "/A", {}, false],
      [[path("/a")], "/a?b=c", {}, true],
      [[{ pathPattern: { regexValues: ["^/v\\d+/"] } }], "/v2/orders", {}, true],
      [[{ httpRequestMethod: { values: ["POST", "PUT"] } }], "/", { method: "PUT" }, true],
      [[{ httpRequestMethod: { values: ["POST"] } }], "/", {}, false],
      [[{ httpHeader: { httpHeaderName: "X-Version", values: ["2.*"] } }], "/", { headers: { "x-version": "2.7" } }, true],
      [[{ httpHeader: { httpHeaderName: "X-Version", values: ["2.*"] } }], "/", {}, false],
      [[{ queryStrings: [{ key: "version", value: "v1" }] }], "/?VERSION=V1", {}, true],
      [[{ queryStrings: [{ value: "*bot*" }] }], "/?agent=robots", {}, true],
      [[{ queryStrings: [{ key: "version", value: "v1" }] }], "/?other=v1", {}, false],
      [[{ sourceIp: { values: ["10.0.0.0/8", "127.0.0.0/8"] } }], "/", {}, true],
      [[{ sourceIp: { values: ["10.0.0.0/8"] } }], "/", {}, false],
      [[path("/a"), { httpRequestMethod: { values: ["POST"] } }], "/a", {}, false],
    ] as readonly [Props[], string, RequestInit, boolean][]) {
      it(`${JSON.stringify(conditions)} of ${init.method ?? "GET"} ${at}: ${matches ? "yes" : "no"}`, async () => {
        await rule("yes", conditions);
        assert.equal(await body(at, init), matches ? "yes" : "none");
      });
    }
  });

  describe("together", () => {
    it("ask about the same thing once only, but for headers and queries", async () => {
      const words = "A rule can have one 'path-pattern' condition only";
      await refused(rule("one", [path("/a"), path("/b")]), "InvalidConfigurationRequest", words);
      const header = (httpHeaderName: string): Props => ({ httpHeader: { httpHeaderName, values: ["1"] } });
      await rule("one", [header("x-a"), header("x-b")]);
    });

    it("compare with five values, and have five wildcards, at most", async () => {
      const words = "A rule can have 5 condition values only, not 6";
      await refused(rule("one", [path("/1", "/2", "/3", "/4", "/5", "/6")]), "TooManyRuleConditionValues", words);
      await refused(rule("one", [path("/*/*/*/*/?/?")]), "TooManyWildcards", "A rule can have 5 wildcards only, not 6");
    });
  });

  describe("before anything is made", () => {
    for (const [inputs, fault] of [
      [{ priority: 50_001 }, "priority: 50001 is out of range; allowed: 1 to 50000"],
      [{ conditions: [] }, "conditions: a rule has at least one condition"],
      [
        { conditions: [{}] },
        "conditions[]: a condition has exactly one of hostHeader, httpHeader, httpRequestMethod, pathPattern, queryStrings, sourceIp (given: none); give one condition for each",
      ],
      [
        { conditions: [{ ...path("/a"), sourceIp: { values: ["10.0.0.0/8"] } }] },
        "conditions[]: a condition has exactly one of hostHeader, httpHeader, httpRequestMethod, pathPattern, queryStrings, sourceIp (given: pathPattern and sourceIp); give one condition for each",
      ],
      [{ conditions: [path()] }, "conditions[]: pathPattern needs at least one value"],
      [{ conditions: [path(`/${"a".repeat(128)}`)] }, `conditions[]: "/${"a".repeat(128)}" is too long: at most 128 characters`],
      [
        { conditions: [{ sourceIp: { values: ["10.0.0.1"] } }] },
        'conditions[]: "10.0.0.1" is not a valid IPv4 CIDR block of a source, such as "10.0.0.0/16"',
      ],
      [
        { conditions: [{ httpRequestMethod: { values: ["get"] } }] },
        'conditions[]: "get" is not a method: capital letters, hyphens and underscores are allowed',
      ],
      [
        { conditions: [{ httpHeader: { httpHeaderName: "Host", values: ["a"] } }] },
        "conditions[]: ask for the host with hostHeader",
      ],
      [
        { conditions: [{ pathPattern: { regexValues: ["("] } }] },
        "conditions[]: Invalid regular expression: /(/: Unterminated group",
      ],
      [
        { transforms: [{ type: "url-rewrite" }] },
        "transforms[]: the sandbox does not rewrite hosts and paths; leave transforms out",
      ],
    ] as readonly [Props, string][]) {
      it(`${JSON.stringify(inputs)} is refused`, () => {
        const asked = { listenerArn: listener.id, actions: [fixed("one")], conditions: [path("/one")] };
        assert.deepEqual(elb.faults(type.rule, { ...asked, ...inputs }), [fault]);
      });
    }
  });
});
