import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { AMI, Ec2Fixture, type } from "./support.ts";

describe("launch templates of the sandbox", () => {
  let ec2: Ec2Fixture;
  let vpc: Resource;
  let subnet: Resource;
  beforeEach(async () => {
    ec2 = new Ec2Fixture();
    ({ vpc, subnet } = await ec2.network());
  });
  afterEach(() => ec2.end());

  const content = { imageId: AMI, instanceType: "t4g.small" };
  const make = (more: Props = {}): Promise<Resource> => ec2.create(type.template, { ...content, name: "web", ...more });
  const change = (row: Resource, more: Props): Promise<Resource> =>
    ec2.stack.update(row, "r", { ...content, name: "web", ...more });
  const versions = ({ outputs }: Resource): unknown[] => [outputs["latestVersion"], outputs["defaultVersion"]];
  const launch = (launchTemplate: Props, more: Props = {}): Promise<Resource> =>
    ec2.create(type.instance, { launchTemplate, subnetId: subnet.id, ...more });

  describe("have versions", () => {
    it("one for each content, of which the first stays the default", async () => {
      const template = await make();
      assert.deepEqual(versions(template), [1, 1]);
      assert.deepEqual(versions(await change(template, { instanceType: "t4g.large" })), [2, 1]);
    });

    it("and none for a tag", async () => {
      assert.deepEqual(versions(await change(await make(), { tags: { team: "shop" } })), [1, 1]);
    });

    it("of which the newest is the default where the program says so", async () => {
      const template = await make({ updateDefaultVersion: true });
      assert.deepEqual(versions(await change(template, { updateDefaultVersion: true, instanceType: "t4g.large" })), [2, 2]);
    });

    it("of which any may be made the default, if it exists", async () => {
      const template = await change(await make(), { instanceType: "t4g.large" });
      assert.deepEqual(versions(await change(template, { instanceType: "t4g.large", defaultVersion: 2 })), [2, 2]);
      await refused(
        change(template, { instanceType: "t4g.large", defaultVersion: 3 }),
        "InvalidLaunchTemplateId.VersionNotFound",
        `Could not find launch template version 3 of ${template.id}; it has versions 1 to 2`,
      );
      await refused(
        make({ name: "jobs", defaultVersion: 2 }),
        "InvalidLaunchTemplateId.VersionNotFound",
        "A new launch template has version 1 only; defaultVersion 2 does not exist",
      );
    });

    it("whose numbers a preview does not know before they are made", () => {
      const renewed = (before: Props, now: Props): readonly string[] => ec2.stack.engine.renewed(type.template, before, now);
      const large = { ...content, instanceType: "t4g.large" };
      assert.deepEqual(renewed(content, large), ["latestVersion"]);
      assert.deepEqual(renewed({ ...content, updateDefaultVersion: true }, { ...large, updateDefaultVersion: true }), [
        "latestVersion",
        "defaultVersion",
      ]);
      assert.deepEqual(renewed(content, { ...content, tags: { team: "shop" } }), []);
    });
  });

  it("have a name that is the region's only one, given, drawn, or begun with a prefix", async () => {
    assert.equal((await make()).outputs["name"], "web");
    await refused(make(), "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
    const { outputs } = await ec2.create(type.template, { ...content, namePrefix: "web-" });
    assert.match(outputs["name"] as string, /^web-[0-9a-f]{16}$/);
    assert.match((await ec2.create(type.template, content)).outputs["name"] as string, /^r\d+-[0-9a-f]{7}$/);
  });

  describe("refuse", () => {
    for (const [inputs, fault] of [
      [{ name: "we" }, 'name: "we" has the wrong length; allowed: 3 to 128 characters'],
      [{ name: "web server" }, 'name: "web server" is not allowed: allowed are letters, digits and ( ) . - / _'],
      [{ namePrefix: "web-" }, 'namePrefix: "namePrefix" conflicts with "name"'],
      [
        { defaultVersion: 1, updateDefaultVersion: true },
        'defaultVersion: "defaultVersion" conflicts with "updateDefaultVersion"',
      ],
      [{ userData: "#cloud-config" }, "userData: Invalid BASE64 encoding of user data"],
      [
        { userData: Buffer.alloc(16 * 1024 + 1).toString("base64") },
        "userData: User data is limited to 16384 bytes; given: 16385",
      ],
      [
        { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType: "gp3", iops: 2000 } }] },
        "blockDeviceMappings[].ebs: Volume iops of 2000 IOPS is out of range for gp3; allowed: 3000 to 80000",
      ],
      [
        { metadataOptions: { httpTokens: "always" } },
        'metadataOptions.httpTokens: "always" is not one of the allowed values: optional, required',
      ],
    ] as readonly [Props, string][]) {
      it(JSON.stringify(inputs).slice(0, 90), () => {
        assert.deepEqual(ec2.faults(type.template, { ...content, name: "web", ...inputs }), [fault]);
      });
    }
  });

  describe("launch an instance", () => {
    it("from the version that it names: a number, $Latest, or the default where it names none", async () => {
      const template = await change(await make(), { instanceType: "t4g.large" });
      const launchedAs = async (version?: string): Promise<unknown[]> => {
        const { outputs } = await launch({ id: template.id, ...(version !== undefined && { version }) });
        return [outputs["instanceType"], (outputs["launchTemplate"] as Props)["version"]];
      };
      assert.deepEqual(await launchedAs("1"), ["t4g.small", "1"]);
      assert.deepEqual(await launchedAs("$Latest"), ["t4g.large", "$Latest"]);
      assert.deepEqual(await launchedAs("$Default"), ["t4g.small", "$Default"]);
      assert.deepEqual(await launchedAs(), ["t4g.small", "$Default"]);
    });

    it("by id or by name, and refuse those that there are not", async () => {
      const { id } = await make();
      const { outputs } = await launch({ name: "web" });
      assert.deepEqual(outputs["launchTemplate"], { id, name: "web", version: "$Default" });
      await refused(
        launch({ id: "lt-1" }),
        "InvalidLaunchTemplateId.NotFound",
        "The specified launch template, with template ID lt-1, does not exist.",
      );
      await refused(
        launch({ name: "wbe" }),
        "InvalidLaunchTemplateName.NotFoundException",
        "The specified launch template, with template name wbe, does not exist.",
      );
      await refused(
        launch({ id, version: "7" }),
        "InvalidLaunchTemplateId.VersionNotFound",
        /version 7 of .*; it has versions 1 to 1/,
      );
    });

    it("with everything that they say, unless the instance says it itself", async () => {
      const profile = await ec2.profile();
      const group = await ec2.create(type.group, { vpcId: vpc.id, name: "web" });
      const { id } = await make({
        iamInstanceProfile: { arn: profile.outputs["arn"] },
        vpcSecurityGroupIds: [group.id],
        metadataOptions: { httpTokens: "required" },
        blockDeviceMappings: [
          { deviceName: "/dev/xvda", ebs: { volumeSize: 30, encrypted: "true", deleteOnTermination: "true" } },
        ],
        monitoring: { enabled: true },
        maintenanceOptions: { autoRecovery: "disabled" },
        disableApiTermination: true,
      });
      const { outputs } = await launch({ id });
      assert.deepEqual(
        [outputs["ami"], outputs["iamInstanceProfile"], outputs["vpcSecurityGroupIds"], outputs["monitoring"]],
        [AMI, profile.id, [group.id], true],
      );
      const [disk, metadata] = [outputs["rootBlockDevice"], outputs["metadataOptions"]] as [Props, Props];
      assert.deepEqual([disk["volumeSize"], disk["encrypted"], metadata["httpTokens"]], [30, true, "required"]);
      assert.deepEqual([outputs["maintenanceOptions"], outputs["disableApiTermination"]], [{ autoRecovery: "disabled" }, true]);
      const own = await launch(
        { id },
        { instanceType: "m8g.large", monitoring: false, metadataOptions: { httpTokens: "optional" } },
      );
      assert.deepEqual([own.outputs["instanceType"], own.outputs["monitoring"]], ["m8g.large", false]);
      assert.equal((own.outputs["metadataOptions"] as Props)["httpTokens"], "optional");
    });

    it("that stays as it was launched when they change or go", async () => {
      const template = await make();
      const instance = await launch({ id: template.id });
      await change(template, { instanceType: "t4g.large", updateDefaultVersion: true });
      await ec2.stack.delete(template);
      const changed = await ec2.stack.update(instance, "r", { ...instance.inputs, tags: { team: "shop" } });
      assert.equal(changed.outputs["instanceType"], "t4g.small");
    });

    it("with a network interface that they describe, or with the subnet and groups of the instance, not with both", async () => {
      const group = await ec2.create(type.group, { vpcId: vpc.id, name: "web" });
      const { id } = await make({
        networkInterfaces: [{ subnetId: subnet.id, securityGroups: [group.id], associatePublicIpAddress: "true" }],
      });
      const { outputs } = await ec2.create(type.instance, { launchTemplate: { id } });
      assert.deepEqual([outputs["vpcSecurityGroupIds"], outputs["publicIp"]], [[group.id], "203.0.113.1"]);
      await refused(
        launch({ id }),
        "InvalidParameterCombination",
        "Network interfaces and an instance-level subnet ID may not be specified on the same request",
      );
      await refused(
        ec2.create(type.instance, { launchTemplate: { id }, vpcSecurityGroupIds: [group.id] }),
        "InvalidParameterCombination",
        "Network interfaces and an instance-level security groups may not be specified on the same request",
      );
    });

    it("with no network interface that stands by itself", async () => {
      const { id } = await make({ networkInterfaces: [{ networkInterfaceId: "eni-1" }] });
      await refused(ec2.create(type.instance, { launchTemplate: { id } }), "UnsupportedOperation", /without networkInterfaceId$/);
    });
  });
});
