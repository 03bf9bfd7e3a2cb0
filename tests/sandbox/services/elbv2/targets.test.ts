import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { deregisterTarget, isDrained, registerTarget, targetHealth } from "../../../../sandbox/src/services/elbv2/targets.ts";
import { refused } from "../../support/refused.ts";
import { ElbFixture } from "./support.ts";

describe("a server of the sandbox, as a target that is registered without an attachment", () => {
  let elb: ElbFixture;
  let balancer: Resource;
  let group: Resource;
  let server: Resource;
  before(async () => {
    elb = new ElbFixture();
    await elb.withImage();
    const { vpc, subnets } = await elb.zones();
    balancer = await elb.balancer(subnets);
    group = await elb.group(vpc, { deregistrationDelay: 30 });
    await elb.listener(balancer, group);
    server = await elb.server(subnets[0], "one");
  });
  after(() => elb.end());

  const states = (): string[] => targetHealth(elb.cloud, group.id, server.id).map(({ state }) => state);

  it("is of no health before it is registered, and drained", () => {
    assert.deepEqual(states(), []);
    assert.equal(isDrained(elb.cloud, group.id, server.id), true);
  });

  it("gets requests once it has passed a health check", async () => {
    registerTarget(elb.cloud, group.id, server.id);
    registerTarget(elb.cloud, group.id, server.id);
    assert.deepEqual(states(), ["initial"]);
    await elb.balancing.check();
    assert.deepEqual(targetHealth(elb.cloud, group.id, server.id), [
      { id: server.id, port: 8080, zone: "eu-central-1a", state: "healthy" },
    ]);
    assert.deepEqual(await elb.labels(balancer, 2), ["one", "one"]);
    assert.equal(isDrained(elb.cloud, group.id, server.id), false);
  });

  it("answers what is under way when it is deregistered, and is drained after that", async () => {
    const slow = elb.ask(balancer, "/slow");
    await elb.tell(server, "/asked");
    deregisterTarget(elb.cloud, group.id, server.id);
    assert.deepEqual(states(), ["draining"]);
    assert.equal(isDrained(elb.cloud, group.id, server.id), false);
    await elb.tell(server, "/go");
    const answer = await slow;
    assert.equal(typeof answer === "number" ? answer : answer.label, "one");
    assert.equal(isDrained(elb.cloud, group.id, server.id), true);
    assert.equal(await elb.ask(balancer), 503);
  });

  it("is forgotten when the deregistration delay is over", async () => {
    elb.cloud.pass(30_000);
    await elb.balancing.check();
    assert.deepEqual(states(), []);
    deregisterTarget(elb.cloud, group.id, server.id);
    deregisterTarget(elb.cloud, "arn:gone", server.id);
  });

  it("must exist, and so must the group", async () => {
    const unknown = "i-00000000000000000";
    await refused(
      attempt(() => registerTarget(elb.cloud, group.id, unknown)),
      "InvalidTarget",
      `The following targets are not in a running state and cannot be registered: '${unknown}'`,
    );
    await refused(
      attempt(() => registerTarget(elb.cloud, "arn:gone", server.id)),
      "TargetGroupNotFound",
      "Target groups 'arn:gone' not found",
    );
  });
});

function attempt(work: () => void): Promise<void> {
  return Promise.resolve().then(work);
}
