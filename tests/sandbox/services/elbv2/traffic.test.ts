import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { INSTANCE_ACTIONS } from "../../../../sandbox/src/services/ec2/instance-actions.ts";
import { elbv2Definitions } from "../../../../sandbox/src/services/elbv2/index.ts";
import { BalancerMetrics } from "../../../../sandbox/src/services/elbv2/metrics.ts";
import { Stack } from "../../support/cloud.ts";
import { ElbFixture, type } from "./support.ts";

describe("what comes to a load balancer of the sandbox", () => {
  let elb: ElbFixture;
  let vpc: Resource;
  let balancer: Resource;
  let group: Resource;
  let one: Resource;
  let two: Resource;
  beforeEach(async () => {
    elb = new ElbFixture();
    await elb.withImage();
    const zones = await elb.zones();
    ({ vpc } = zones);
    const [a, b] = zones.subnets;
    balancer = await elb.balancer(zones.subnets);
    group = await elb.group(vpc);
    [one, two] = await Promise.all([elb.server(a, "one"), elb.server(b, "two")]);
  });
  afterEach(() => elb.end());

  /** Both servers behind a listener, and found well. */
  async function serve(inputs: Props = {}): Promise<Resource> {
    const listener = await elb.listener(balancer, group, inputs);
    await elb.attach(group, one);
    await elb.attach(group, two);
    await elb.balancing.check();
    return listener;
  }

  it("goes to one server after the other", async () => {
    await serve();
    assert.deepEqual(elb.states(group), { [one.id]: "healthy", [two.id]: "healthy" });
    assert.deepEqual(await elb.labels(balancer, 4), ["one", "two", "one", "two"]);
  });

  it("brings along who asks, and by which protocol", async () => {
    await serve();
    const answer = await elb.ask(balancer, "/cart?item=1");
    assert.ok(typeof answer !== "number");
    assert.equal(answer.url, "/cart?item=1");
    const { headers } = answer;
    assert.deepEqual(
      [headers["x-forwarded-for"], headers["x-forwarded-proto"], headers["x-forwarded-port"]],
      ["127.0.0.1", "http", "80"],
    );
  });

  it("goes elsewhere while a server is not well, and comes back when it is", async () => {
    await serve();
    await elb.tell(one, "/ill");
    await elb.intervals(2);
    assert.deepEqual(elb.states(group), { [one.id]: "unhealthy", [two.id]: "healthy" });
    assert.deepEqual(await elb.labels(balancer, 3), ["two", "two", "two"]);
    await elb.tell(one, "/well");
    await elb.intervals(2);
    assert.deepEqual(new Set(await elb.labels(balancer, 2)), new Set(["one", "two"]));
    assert.deepEqual(
      elb.cloud.notes.filter((note) => note.includes(one.id)),
      [
        `The target ${one.id}:8080 of web is healthy`,
        `The target ${one.id}:8080 of web is unhealthy: Health checks failed with these codes: [500]`,
        `The target ${one.id}:8080 of web is healthy`,
      ],
    );
  });

  it("goes to nobody where no server is registered", async () => {
    await elb.listener(balancer, group);
    assert.equal(await elb.ask(balancer), 503);
  });

  it("does not go to a server that is stopped, which stays registered", async () => {
    await serve();
    await INSTANCE_ACTIONS.stop(elb.cloud, one);
    await elb.intervals(1);
    assert.deepEqual(elb.states(group), { [one.id]: "unused", [two.id]: "healthy" });
    assert.deepEqual(await elb.labels(balancer, 2), ["two", "two"]);
  });

  it("does not go to a server that is terminated, which is deregistered by that", async () => {
    await serve();
    await elb.stack.delete(one);
    await elb.intervals(1);
    assert.deepEqual(elb.states(group), { [one.id]: "draining", [two.id]: "healthy" });
    assert.deepEqual(await elb.labels(balancer, 2), ["two", "two"]);
  });

  it("is shared out by weights, so that a new version gets little at first", async () => {
    const green = await elb.group(vpc, { name: "green" });
    const targetGroups = (blue: number, other: number): Props[] => [
      { arn: group.id, weight: blue },
      { arn: green.id, weight: other },
    ];
    const shares = (blue: number, other: number): Props => ({
      defaultActions: [{ type: "forward", forward: { targetGroups: targetGroups(blue, other) } }],
    });
    const listener = await elb.listener(balancer, group, shares(3, 1));
    await elb.attach(group, one);
    await elb.attach(green, two);
    await elb.balancing.check();
    const before = await elb.labels(balancer, 8);
    assert.equal(before.filter((label) => label === "two").length, 2);
    await elb.stack.update(listener, "r", { ...listener.inputs, ...shares(0, 1) });
    assert.deepEqual(await elb.labels(balancer, 2), ["two", "two"]);
  });

  it("stays with one server where the group is sticky", async () => {
    await elb.stack.update(group, "r", { ...group.inputs, stickiness: { type: "lb_cookie", cookieDuration: 60 } });
    await serve();
    const first = await fetch(elb.url(balancer));
    const { label } = (await first.json()) as { label: string };
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    for (let time = 0; time < 3; time++) {
      const answer = await elb.ask(balancer, "/", { headers: { cookie } });
      assert.equal(typeof answer === "number" ? answer : answer.label, label);
    }
  });

  it("does not reach a program that listens for its own server alone, and that is said once", async () => {
    const subnet = elb.now({ ...one, type: type.subnet, id: text(one.outputs, "subnetId") });
    assert.ok(subnet);
    const shy = await elb.server(subnet, "shy", { HOST: "127.0.0.1" });
    await elb.listener(balancer, group);
    await elb.attach(group, shy);
    await elb.balancing.check();
    await elb.intervals(2);
    assert.deepEqual(elb.states(group), { [shy.id]: "unhealthy" });
    assert.equal(await elb.ask(balancer), 502);
    const why = `A load balancer does not reach its target: the program "app" on the server ${shy.id} listens on port 8080 for the server alone; give it HOST=0.0.0.0`;
    assert.deepEqual(
      elb.cloud.notes.filter((note) => note.includes("does not reach")),
      [why],
    );
  });

  it("is served again by a daemon that was started anew, at the same port", async () => {
    await serve();
    const url = elb.url(balancer);
    await elb.balancing.close();
    await assert.rejects(fetch(url), TypeError);
    await new Stack(elb.cloud, elbv2Definitions).engine.resume();
    await elb.balancing.check();
    assert.equal(elb.url(balancer), url);
    assert.deepEqual(new Set(await elb.labels(balancer, 2)), new Set(["one", "two"]));
  });

  describe("is measured", () => {
    const MINUTE = 60_000;
    const suffix = ({ id }: Resource): string => (id.split(":")[5] ?? "").replace("loadbalancer/", "");

    /** What was published of the minute that is just over: name and dimensions → value, or values by how often they came. */
    function published(dimensions: Readonly<Record<string, string>>): Record<string, number> {
      const minute = Math.floor(elb.cloud.now() / MINUTE) * MINUTE;
      elb.cloud.metrics.length = 0;
      elb.cloud.pass(MINUTE);
      new BalancerMetrics(elb.cloud).collect(minute);
      const mine = elb.cloud.metrics.filter(
        (metric) =>
          metric.namespace === "AWS/ApplicationELB" &&
          JSON.stringify(Object.entries(metric.dimensions).sort()) === JSON.stringify(Object.entries(dimensions).sort()),
      );
      const sums: Record<string, number> = {};
      for (const { name, value, count = 1 } of mine) {
        const sum = name === "TargetResponseTime" ? count : value * count;
        sums[name] = (sums[name] ?? 0) + sum;
      }
      return sums;
    }

    it("by load balancer: requests, answers of targets, and how long they took", async () => {
      await serve();
      await elb.labels(balancer, 3);
      assert.deepEqual(published({ LoadBalancer: suffix(balancer) }), {
        RequestCount: 3,
        HTTPCode_Target_2XX_Count: 3,
        TargetResponseTime: 3,
      });
    });

    it("by target group, with how many of its targets are well, in all and by zone", async () => {
      await serve();
      await elb.labels(balancer, 3);
      await elb.tell(one, "/ill");
      await elb.intervals(2);
      const whole = { LoadBalancer: suffix(balancer), TargetGroup: suffix(group) };
      assert.deepEqual(published(whole), {
        RequestCount: 3,
        HTTPCode_Target_2XX_Count: 3,
        TargetResponseTime: 3,
        HealthyHostCount: 1,
        UnHealthyHostCount: 1,
        RequestCountPerTarget: 3,
      });
      const zone = published({ ...whole, AvailabilityZone: "eu-central-1a" });
      assert.deepEqual(zone, { HealthyHostCount: 0, UnHealthyHostCount: 1 });
    });

    it("by each target, as those that are well share the requests; also when there are none", async () => {
      await serve();
      await elb.labels(balancer, 5);
      assert.deepEqual(published({ TargetGroup: suffix(group) }), { RequestCountPerTarget: 2.5 });
      assert.deepEqual(published({ TargetGroup: suffix(group) }), { RequestCountPerTarget: 0 });
    });

    it("by what the load balancer answers itself", async () => {
      const redirect = { type: "redirect", redirect: { statusCode: "HTTP_302", path: "/elsewhere" } };
      await elb.create(type.rule, {
        listenerArn: (await serve()).id,
        actions: [redirect],
        conditions: [{ pathPattern: { values: ["/old"] } }],
      });
      assert.equal(await elb.ask(balancer, "/old"), 302);
      elb.cloud.processes.kill(`app-${one.id}`);
      elb.cloud.processes.kill(`app-${two.id}`);
      assert.equal(await elb.ask(balancer), 502);
      const { HTTPCode_ELB_502_Count, ...others } = published({ LoadBalancer: suffix(balancer) });
      assert.equal(HTTPCode_ELB_502_Count, 1);
      assert.deepEqual(
        [
          others["HTTP_Redirect_Count"],
          others["HTTPCode_ELB_3XX_Count"],
          others["HTTPCode_ELB_5XX_Count"],
          others["RequestCount"],
        ],
        [1, 1, 1, 1],
      );
    });
  });
});
