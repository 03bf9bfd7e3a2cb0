import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { isProps, type Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { ElbFixture, type } from "./support.ts";

describe("target groups of the sandbox", () => {
  let elb: ElbFixture;
  let vpc: Resource;
  let subnets: [Resource, Resource];
  beforeEach(async () => {
    elb = new ElbFixture();
    ({ vpc, subnets } = await elb.zones());
  });
  afterEach(() => elb.end());

  const asked = (more: Props = {}): Props => ({ name: "web", port: 8080, protocol: "HTTP", vpcId: vpc.id, ...more });
  const make = (more: Props = {}): Promise<Resource> => elb.create(type.targets, asked(more));

  it("get an ARN, and what is usual where nothing is said", async () => {
    const { id, outputs } = await make();
    assert.match(id, /^arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup\/web\/[0-9a-f]{16}$/);
    assert.deepEqual([outputs["arn"], outputs["arnSuffix"]], [id, id.split(":")[5]]);
    assert.deepEqual(outputs["healthCheck"], {
      enabled: true,
      healthyThreshold: 3,
      interval: 30,
      matcher: "200",
      path: "/",
      port: "traffic-port",
      protocol: "HTTP",
      timeout: 6,
      unhealthyThreshold: 3,
    });
    assert.deepEqual(outputs["stickiness"], { enabled: false, type: "lb_cookie", cookieDuration: 86_400, cookieName: "" });
    assert.deepEqual(
      ["deregistrationDelay", "slowStart", "targetType", "loadBalancingAlgorithmType", "protocolVersion"].map(
        (name) => outputs[name],
      ),
      [300, 0, "instance", "round_robin", "HTTP1"],
    );
  });

  it("keep of a health check what is given", async () => {
    const { outputs } = await make({ protocol: "HTTPS", healthCheck: { path: "/health", interval: 15 } });
    assert.ok(isProps(outputs["healthCheck"]));
    const { interval, path, timeout } = outputs["healthCheck"];
    assert.deepEqual([path, interval, timeout], ["/health", 15, 10]);
  });

  it("need a port, a protocol and a VPC that exists", async () => {
    await refused(
      elb.create(type.targets, { name: "web", port: 80 }),
      "ValidationError",
      "A target group of servers needs port, protocol, vpcId; not given: protocol, vpcId",
    );
    await refused(make({ vpcId: "vpc-1" }), "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist");
  });

  it("have a name that nobody else in the region has", async () => {
    await make();
    await refused(make(), "DuplicateTargetGroupName", "A target group with the same name 'web' exists");
  });

  it("are replaced for what they speak and where, and change in place for how", async () => {
    const { inputs } = await make();
    const other = { ...inputs, port: 80, protocol: "HTTPS", vpcId: "vpc-2" };
    assert.deepEqual(elb.replacing(type.targets, inputs, other).sort(), ["port", "protocol", "vpcId"]);
    const changed = { ...inputs, healthCheck: { path: "/ok" }, deregistrationDelay: 30, slowStart: 60 };
    assert.deepEqual(elb.replacing(type.targets, inputs, changed), []);
  });

  it("are not deleted while a listener sends requests to them, and tell which load balancers that are", async () => {
    const group = await make();
    const balancer = await elb.balancer(subnets);
    const listener = await elb.listener(balancer, group);
    const now = await elb.stack.engine.read(type.targets, group.id, group.region);
    assert.deepEqual(now?.outputs["loadBalancerArns"], [balancer.id]);
    await refused(
      elb.stack.delete(group),
      "ResourceInUse",
      `Target group '${group.id}' is currently in use by a listener or a rule`,
    );
    await elb.stack.delete(listener);
    await elb.stack.delete(group);
  });

  it("belong to one load balancer only, of their own VPC", async () => {
    const group = await make();
    await elb.listener(await elb.balancer(subnets), group);
    const second = await elb.balancer(subnets, { name: "second" });
    await refused(
      elb.listener(second, group),
      "TargetGroupAssociationLimit",
      `The following target groups cannot be associated with more than one load balancer: ${group.id}`,
    );
    const other = await elb.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
    const foreign = await make({ name: "foreign", vpcId: other.id });
    await refused(
      elb.listener(second, foreign),
      "InvalidConfigurationRequest",
      `The target group ${foreign.id} and the load balancer are in different VPCs: ${other.id} and ${vpc.id}`,
    );
  });

  describe("take servers", () => {
    beforeEach(() => elb.withImage());

    it("at their own port, or at another", async () => {
      const [group, server] = [await make(), await elb.server(subnets[0], "one")];
      const { id, outputs } = await elb.attach(group, server);
      assert.match(id, new RegExp(`^${group.id}-[0-9a-f]{26}$`));
      assert.equal(outputs["targetId"], server.id);
      await elb.attach(group, server, { port: 9000 });
      const where = elb.balancing.health(group.id).map(({ id: target, port, zone }) => `${target}:${port} ${zone}`);
      assert.deepEqual(where, [`${server.id}:8080 eu-central-1a`, `${server.id}:9000 eu-central-1a`]);
    });

    it("that exist, run, and are in their VPC", async () => {
      const group = await make();
      const missing = { id: "i-0123" } as Resource;
      await refused(
        elb.attach(group, missing),
        "InvalidTarget",
        "The following targets are not in a running state and cannot be registered: 'i-0123'",
      );
      const elsewhere = await elb.create(type.vpc, { cidrBlock: "10.2.0.0/16" });
      const subnet = await elb.create(type.subnet, { vpcId: elsewhere.id, cidrBlock: "10.2.0.0/24" });
      const server = await elb.server(subnet, "one");
      await refused(
        elb.attach(group, server),
        "InvalidTarget",
        `The following targets are not in the target group VPC '${vpc.id}': '${server.id}'`,
      );
    });

    it("of a group that exists", async () => {
      const server = await elb.server(subnets[0], "one");
      await refused(elb.attach({ id: "none" } as Resource, server), "TargetGroupNotFound", "One or more target groups not found");
    });

    it("and let them go when they are not wanted any more", async () => {
      const [group, server] = [await make(), await elb.server(subnets[0], "one")];
      await elb.listener(await elb.balancer(subnets), group);
      const attachment = await elb.attach(group, server);
      await elb.stack.delete(attachment);
      assert.deepEqual(elb.states(group), { [server.id]: "draining" });
      elb.cloud.pass(300_000);
      await elb.balancing.check();
      assert.deepEqual(elb.states(group), {});
    });
  });

  describe("before anything is made", () => {
    const check = (healthCheck: Props): Props => ({ healthCheck });
    for (const [inputs, fault] of [
      [{ namePrefix: "shop-web" }, 'namePrefix: "shop-web" has the wrong length; allowed: 1 to 6 characters'],
      [{ port: 0 }, "port: 0 is out of range; allowed: 1 to 65535"],
      [
        { protocol: "TCP" },
        'protocol: "TCP": the sandbox plays application load balancers, whose target groups speak HTTP or HTTPS',
      ],
      [
        { targetType: "ip" },
        'targetType: "ip": the targets of the sandbox are servers; leave targetType out, or give "instance"',
      ],
      [
        { protocolVersion: "GRPC" },
        'protocolVersion: "GRPC": the sandbox speaks HTTP/1.1 with targets; leave protocolVersion out, or give "HTTP1"',
      ],
      [{ deregistrationDelay: 3601 }, "deregistrationDelay: 3601 is out of range; allowed: 0 to 3600"],
      [{ slowStart: 20 }, "slowStart: 20 is out of range; allowed: 0, or 30 to 900"],
      [
        { slowStart: 60, loadBalancingAlgorithmType: "least_outstanding_requests" },
        "slowStart: slow start goes with round_robin only, not with least_outstanding_requests",
      ],
      [
        { loadBalancingAlgorithmType: "fastest" },
        'loadBalancingAlgorithmType: "fastest" is not one of the allowed values: round_robin, least_outstanding_requests, weighted_random',
      ],
      [check({ interval: 4, timeout: 2 }), "healthCheck.interval: 4 is out of range; allowed: 5 to 300"],
      [check({ timeout: 1 }), "healthCheck.timeout: 1 is out of range; allowed: 2 to 120"],
      [
        check({ interval: 10, timeout: 10 }),
        "healthCheck.interval: the timeout must be smaller than the interval (given: 10 s and 10 s)",
      ],
      [check({ timeout: 40 }), "healthCheck.timeout: the timeout must be smaller than the interval (given: 40 s and 30 s)"],
      [check({ interval: 5 }), "healthCheck.interval: the timeout must be smaller than the interval (given: 6 s and 5 s)"],
      [check({ healthyThreshold: 1 }), "healthCheck.healthyThreshold: 1 is out of range; allowed: 2 to 10"],
      [check({ unhealthyThreshold: 11 }), "healthCheck.unhealthyThreshold: 11 is out of range; allowed: 2 to 10"],
      [
        check({ matcher: "200-599" }),
        'healthCheck.matcher: "200-599" is no list or range of statuses from 200 to 499, such as "200,202" or "200-299"',
      ],
      [check({ path: "health" }), 'healthCheck.path: "health" is not allowed: a path begins with a slash'],
      [check({ port: "http" }), 'healthCheck.port: "http" is neither "traffic-port" nor a port from 1 to 65535'],
      [check({ protocol: "TCP" }), 'healthCheck.protocol: "TCP" is not one of the allowed values: HTTP, HTTPS'],
      [check({ enabled: false }), "healthCheck.enabled: health checks of servers can't be switched off"],
      [
        { stickiness: { type: "source_ip" } },
        'stickiness: type: "source_ip" is not one of the allowed values: app_cookie, lb_cookie',
      ],
      [{ stickiness: { type: "app_cookie" } }, "stickiness: app_cookie needs the cookieName of the application's cookie"],
      [
        { stickiness: { type: "app_cookie", cookieName: "AWSALBX" } },
        'stickiness.cookieName: "AWSALBX" is not allowed: names that begin with AWSALB are kept for the load balancer itself',
      ],
      [
        { stickiness: { type: "lb_cookie", cookieDuration: 604_801 } },
        "stickiness.cookieDuration: 604801 is out of range; allowed: 1 to 604800",
      ],
    ] as readonly [Props, string][]) {
      it(`${JSON.stringify(inputs)} is refused`, () => {
        const { name: _name, ...rest } = asked(inputs);
        assert.deepEqual(elb.faults(type.targets, "namePrefix" in inputs ? rest : asked(inputs)), [fault]);
      });
    }
  });
});
