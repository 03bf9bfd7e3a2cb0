import assert from "node:assert/strict";
import { serveApi, type Api } from "../../../../sandbox/src/api/endpoint.ts";
import { operatorCredentials } from "../../../../sandbox/src/api/credentials.ts";
import { sha256Hex } from "../../../../sandbox/src/api/http.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { autoscalingApi } from "../../../../sandbox/src/services/autoscaling/api.ts";
import { REGION } from "../../support/cloud.ts";
import { type RawAnswer, sendSigned } from "../../support/signed.ts";
import { AsgFixture } from "./support.ts";

describe("the API of Auto Scaling", () => {
  let asg: AsgFixture;
  let api: Api;
  let group: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    api = await serveApi(asg.cloud, 0, { json: {}, query: { autoscaling: autoscalingApi }, rest: {} });
    const { subnets } = await asg.three();
    const initialLifecycleHooks = [{ name: "prepare", lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING" }];
    group = await asg.servers(await asg.template(), subnets, { initialLifecycleHooks, waitForCapacityTimeout: "0" });
    await asg.seconds(1);
  });
  afterEach(async () => {
    await api.close();
    await asg.end();
  });

  function call(Action: string, input: Record<string, string> = {}): Promise<RawAnswer> {
    const config = { endpoint: api.url, region: REGION, credentials: operatorCredentials(asg.cloud), maxAttempts: 1 };
    const body = new URLSearchParams({ Action, Version: "2011-01-01", ...input }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    // The clock of the cloud stands still, and a signature is of its time.
    const date = new Date(asg.cloud.now());
    return sendSigned(config, {
      method: "POST",
      path: "/",
      service: "autoscaling",
      headers,
      body: [body],
      payload: sha256Hex(Buffer.from(body)),
      date,
    });
  }
  const complete = (input: Record<string, string> = {}): Promise<RawAnswer> =>
    call("CompleteLifecycleAction", {
      AutoScalingGroupName: "web",
      LifecycleHookName: "prepare",
      LifecycleActionResult: "CONTINUE",
      ...input,
    });

  it("describes groups with their instances", async () => {
    const [member] = asg.members(group);
    const { body, status } = await call("DescribeAutoScalingGroups", { "AutoScalingGroupNames.member.1": "web" });
    assert.equal(status, 200, body);
    assert.ok(body.includes("<MinSize>1</MinSize><MaxSize>4</MaxSize><DesiredCapacity>1</DesiredCapacity>"));
    assert.ok(body.includes(`<InstanceId>${member?.id ?? ""}</InstanceId><InstanceType>t4g.small</InstanceType>`));
    assert.ok(body.includes("<LifecycleState>Pending:Wait</LifecycleState><HealthStatus>Healthy</HealthStatus>"));
    assert.ok(
      !(await call("DescribeAutoScalingGroups", { "AutoScalingGroupNames.member.1": "shop" })).body.includes("<InstanceId>"),
    );
  });

  it("lets an instance go on that waits for a hook, once", async () => {
    const [member] = asg.members(group);
    const InstanceId = member?.id ?? "";
    assert.equal((await complete({ InstanceId })).status, 200);
    await asg.seconds(1);
    assert.deepEqual(asg.inService(group), [InstanceId]);
    const again = await complete({ InstanceId });
    assert.deepEqual([again.status, again.code], [400, "ValidationError"]);
    assert.ok(again.body.includes(`No active Lifecycle Action found with instance ID ${InstanceId}`));
  });

  it("lets an instance be abandoned, by the token of its wait", async () => {
    const [member] = asg.members(group);
    const LifecycleActionToken = member?.waits[0]?.token ?? "";
    assert.equal((await complete({ LifecycleActionToken, LifecycleActionResult: "ABANDON" })).status, 200);
    await asg.seconds(2);
    assert.notEqual(asg.members(group)[0]?.id, member?.id);
    assert.equal((await complete({ InstanceId: "i-0", LifecycleActionResult: "RETRY" })).code, "ValidationError");
  });

  it("sets the capacity, within the bounds of the group", async () => {
    const set = (DesiredCapacity: string): Promise<RawAnswer> =>
      call("SetDesiredCapacity", { AutoScalingGroupName: "web", DesiredCapacity });
    assert.equal((await set("3")).status, 200);
    await asg.seconds(1);
    assert.equal(asg.members(group).length, 3);
    assert.ok((await set("5")).body.includes("New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup."));
    assert.ok((await set("0")).body.includes("New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup."));
    assert.equal((await set("many")).code, "ValidationError");
  });
});
