import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { AMI, type Answer, Ec2Fixture, type } from "./support.ts";

describe("a change of an instance of the sandbox", () => {
  let ec2: Ec2Fixture;
  let vpc: Resource;
  let subnet: Resource;
  beforeEach(async () => {
    ec2 = new Ec2Fixture();
    ({ vpc, subnet } = await ec2.network());
  });
  afterEach(() => ec2.end());

  const asked = (more: Props = {}): Props => ({ ami: AMI, instanceType: "t4g.small", subnetId: subnet.id, ...more });
  const launch = (more: Props = {}): Promise<Resource> => ec2.create(type.instance, asked(more));
  const change = (row: Resource, more: Props): Promise<Resource> => ec2.stack.update(row, "r", asked(more));

  describe("makes another instance", () => {
    const replacing = (before: Props, now: Props): string[] => ec2.replacing(type.instance, asked(before), asked(now));

    for (const [what, before, now, paths] of [
      ["for another image", {}, { ami: "ami-0fedcba9876543210" }, ["ami"]],
      ["in another subnet", {}, { subnetId: "subnet-1" }, ["subnetId"]],
      [
        "for another version of its launch template",
        { launchTemplate: { id: "lt-1", version: "1" } },
        { launchTemplate: { id: "lt-1", version: "2" } },
        ["launchTemplate.version"],
      ],
      ["for another processor", {}, { instanceType: "t3.small" }, ["instanceType"]],
      ["for another size of the same processor: no", {}, { instanceType: "m8g.large" }, []],
      ["for new user data: no", { userData: "#cloud-config" }, { userData: "#cloud-config\n{}" }, []],
      [
        "for new user data, if the program says so",
        { userData: "#cloud-config" },
        { userData: "#cloud-config\n{}", userDataReplaceOnChange: true },
        ["userData"],
      ],
      ["for a larger disk: no", {}, { rootBlockDevice: { volumeSize: 40 } }, []],
    ] as readonly [string, Props, Props, string[]][]) {
      it(what, () => {
        assert.deepEqual(replacing(before, now), paths);
      });
    }
  });

  it("of its type gives it another public address, and keeps the private one and the disk", async () => {
    const instance = await launch({ associatePublicIpAddress: true });
    const changed = await change(instance, { associatePublicIpAddress: true, instanceType: "m8g.large" });
    assert.equal(changed.id, instance.id);
    assert.deepEqual([instance.outputs["publicIp"], changed.outputs["publicIp"]], ["203.0.113.1", "203.0.113.2"]);
    assert.equal(changed.outputs["privateIp"], instance.outputs["privateIp"]);
    assert.deepEqual(changed.outputs["rootBlockDevice"], instance.outputs["rootBlockDevice"]);
    assert.equal((changed.outputs["cpuOptions"] as Props)["coreCount"], 2);
    assert.deepEqual(
      ec2.stack.engine.renewed(type.instance, instance.inputs, { ...instance.inputs, instanceType: "m8g.large" }),
      ["cpuOptions", "publicIp", "publicDns"],
    );
  });

  it("of its type leaves an Elastic IP with it", async () => {
    const instance = await launch({ associatePublicIpAddress: true });
    const address = await ec2.create(type.address);
    await ec2.create(type.association, { allocationId: address.id, instanceId: instance.id });
    const changed = await change(instance, { associatePublicIpAddress: true, instanceType: "m8g.large" });
    assert.equal(changed.outputs["publicIp"], instance.outputs["publicIp"]);
  });

  it("of its type is refused where it may not be stopped", async () => {
    const instance = await launch({ disableApiStop: true });
    await refused(
      change(instance, { disableApiStop: true, instanceType: "m8g.large" }),
      "OperationNotPermitted",
      `The instance '${instance.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
    assert.equal(ec2.now(instance)?.outputs["instanceType"], "t4g.small");
  });

  it("of its groups moves its network interface, within the VPC", async () => {
    const [web, jobs] = [
      await ec2.create(type.group, { vpcId: vpc.id, name: "web" }),
      await ec2.create(type.group, { vpcId: vpc.id, name: "jobs" }),
    ];
    const instance = await launch({ vpcSecurityGroupIds: [web.id] });
    const changed = await change(instance, { vpcSecurityGroupIds: [jobs.id] });
    const face = ec2.cloud.world.get(type.interface, text(changed.outputs, "primaryNetworkInterfaceId"));
    assert.deepEqual([changed.outputs["vpcSecurityGroupIds"], face?.outputs["securityGroups"]], [[jobs.id], [jobs.id]]);
    await ec2.stack.delete(web);
    const other = await ec2.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
    const foreign = await ec2.create(type.group, { vpcId: other.id, name: "web" });
    await refused(change(instance, { vpcSecurityGroupIds: [foreign.id] }), "InvalidParameter", /belong to different networks/);
  });

  it("of its instance profile asks for one that exists", async () => {
    const instance = await launch();
    await refused(
      change(instance, { iamInstanceProfile: "server" }),
      "InvalidParameterValue",
      /Invalid IAM Instance Profile name/,
    );
    await ec2.profile("server");
    assert.equal((await change(instance, { iamInstanceProfile: "server" })).outputs["iamInstanceProfile"], "server");
  });

  describe("while programs run on it", () => {
    let instance: Resource;
    let address: Resource;
    beforeEach(async () => {
      await ec2.withImage();
      instance = await launch({ userData: ec2.userData() });
      address = await ec2.create(type.address, { instance: instance.id });
    });
    const answer = async (): Promise<Answer> => {
      const answered = await ec2.behind(address);
      if (typeof answered !== "object") throw new Error(answered ?? "the door is closed");
      return answered;
    };

    it("stops and starts them for another type, with the user data of the launch", async () => {
      const before = await answer();
      await change(instance, { userData: ec2.userData(), instanceType: "m8g.large" });
      const after = await answer();
      assert.deepEqual([before.label, after.label], ["one", "one"]);
      assert.notEqual(after.pid, before.pid);
    });

    it("stops and starts them for new user data, which change nothing until the instance is replaced", async () => {
      const before = await answer();
      const changed = await change(instance, { userData: ec2.userData({ LABEL: "two" }) });
      const after = await answer();
      assert.notEqual(after.pid, before.pid);
      assert.equal(after.label, "one");
      assert.match(text(changed.outputs, "userData"), /LABEL=two/);
    });

    it("leaves them alone for anything else", async () => {
      const before = await answer();
      await change(instance, { userData: ec2.userData(), monitoring: true });
      assert.deepEqual(await answer(), before);
    });

    it("ends them with the instance, and forgets their ports", async () => {
      await ec2.stack.delete(instance);
      assert.deepEqual(ec2.cloud.processes.list(), []);
      assert.equal(await ec2.behind(address), `The server ${instance.id} behind this address is gone.`);
    });
  });
});
