import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { isProps, type Props } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { AMI, Ec2Fixture, type } from "./support.ts";

describe("instances of the sandbox", () => {
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
  const part = ({ outputs }: Resource, name: string): Props => {
    const value = outputs[name];
    assert.ok(isProps(value), `${name} is no object`);
    return value;
  };

  describe("a launch", () => {
    it("gives an instance what EC2 gives it: addresses and names, a disk, credits, and the VPC's own group", async () => {
      const instance = await launch();
      const { id, outputs } = instance;
      assert.match(id, /^i-0[0-9a-f]{16}$/);
      assert.equal(outputs["arn"], `arn:aws:ec2:eu-central-1:123456789012:instance/${id}`);
      assert.deepEqual([outputs["privateIp"], outputs["privateDns"]], ["10.0.0.4", "ip-10-0-0-4.eu-central-1.compute.internal"]);
      assert.deepEqual([outputs["publicIp"], outputs["publicDns"], outputs["associatePublicIpAddress"]], ["", "", false]);
      assert.equal(outputs["availabilityZone"], "eu-central-1a");
      assert.deepEqual(outputs["vpcSecurityGroupIds"], [vpc.outputs["defaultSecurityGroupId"]]);
      assert.deepEqual(outputs["creditSpecification"], { cpuCredits: "unlimited" });
      assert.deepEqual(part(instance, "cpuOptions"), {
        amdSevSnp: "",
        coreCount: 2,
        nestedVirtualization: "",
        threadsPerCore: 1,
      });
      const { volumeId, ...disk } = part(instance, "rootBlockDevice");
      assert.match(volumeId as string, /^vol-0[0-9a-f]{16}$/);
      assert.deepEqual(disk, {
        deleteOnTermination: true,
        deviceName: "/dev/xvda",
        encrypted: false,
        iops: 3000,
        kmsKeyId: "",
        tags: {},
        tagsAll: {},
        throughput: 125,
        volumeSize: 8,
        volumeType: "gp3",
      });
    });

    it("gives a public address where the subnet or the instance asks for one", async () => {
      const open = await ec2.create(type.subnet, { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", mapPublicIpOnLaunch: true });
      const { outputs } = await launch({ subnetId: open.id });
      assert.deepEqual(
        [outputs["publicIp"], outputs["publicDns"]],
        ["203.0.113.1", "ec2-203-0-113-1.eu-central-1.compute.amazonaws.com"],
      );
      assert.equal((await launch({ associatePublicIpAddress: true })).outputs["publicIp"], "203.0.113.2");
      assert.equal((await launch({ subnetId: open.id, associatePublicIpAddress: false })).outputs["publicIp"], "");
    });

    it("needs an image, a type and a subnet, from the instance or its template", async () => {
      const { ami, instanceType, subnetId } = asked();
      const launchWith = (inputs: Props) => ec2.create(type.instance, inputs);
      await refused(launchWith({ instanceType, subnetId }), "MissingParameter", "The request must contain the parameter ImageId");
      await refused(launchWith({ ami, subnetId }), "MissingParameter", "The request must contain the parameter InstanceType");
      await refused(launchWith({ ami, instanceType }), "MissingInput", /No subnets found for the default VPC.*specify a subnet/);
    });

    it("refuses a security group of another VPC, and one that does not exist", async () => {
      const other = await ec2.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
      const foreign = await ec2.create(type.group, { vpcId: other.id, name: "web" });
      await refused(
        launch({ vpcSecurityGroupIds: [foreign.id] }),
        "InvalidParameter",
        `Security group ${foreign.id} and subnet ${subnet.id} belong to different networks.`,
      );
      await refused(
        launch({ vpcSecurityGroupIds: ["sg-1"] }),
        "InvalidGroup.NotFound",
        "The security group 'sg-1' does not exist",
      );
    });

    it("refuses a zone that is not the subnet's", async () => {
      const words = `The subnet ${subnet.id} is in the availability zone eu-central-1a, not in eu-central-1b`;
      await refused(launch({ availabilityZone: `${REGION}b` }), "InvalidParameterValue", words);
    });

    it("takes an instance profile by its name, and refuses one that does not exist", async () => {
      const words = "Value (server) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
      await refused(launch({ iamInstanceProfile: "server" }), "InvalidParameterValue", words);
      await ec2.profile("server");
      assert.equal((await launch({ iamInstanceProfile: "server" })).outputs["iamInstanceProfile"], "server");
    });

    it("refuses a key pair, of which the sandbox has none", async () => {
      await refused(launch({ keyName: "laptop" }), "InvalidKeyPair.NotFound", "The key pair 'laptop' does not exist");
    });

    it("takes a private address that is the subnet's and free", async () => {
      assert.equal((await launch({ privateIp: "10.0.0.10" })).outputs["privateIp"], "10.0.0.10");
      await refused(launch({ privateIp: "10.0.0.10" }), "InvalidIPAddress.InUse", "Address 10.0.0.10 is in use.");
      await refused(
        launch({ privateIp: "10.0.0.3" }),
        "InvalidParameterValue",
        "Address 10.0.0.3 is in subnet's reserved address range",
      );
      await refused(
        launch({ privateIp: "10.0.1.10" }),
        "InvalidParameterValue",
        "Address 10.0.1.10 does not fall within the subnet's address range, 10.0.0.0/24",
      );
    });

    it("leaves nothing behind when it is refused", async () => {
      const before = ec2.cloud.world.all().length;
      await refused(launch({ iamInstanceProfile: "nobody" }), "InvalidParameterValue");
      assert.equal(ec2.cloud.world.all().length, before);
    });
  });

  describe("before anything is made", () => {
    for (const [inputs, fault] of [
      [
        { instanceType: "t4g.smal" },
        "instanceType: Invalid value 't4g.smal' for InstanceType. The sizes of t4g are nano, micro, small, medium, large, xlarge, 2xlarge",
      ],
      [{ ami: "ami-123" }, 'ami: Invalid id: "ami-123" (expecting "ami-..." with 8 or 17 hexadecimal digits)'],
      [{ privateIp: "10.0.0.300" }, 'privateIp: "10.0.0.300" is not an IPv4 address, such as "10.0.0.10"'],
      [
        { metadataOptions: { httpTokens: "always" } },
        'metadataOptions.httpTokens: "always" is not one of the allowed values: optional, required',
      ],
      [
        { metadataOptions: { httpPutResponseHopLimit: 65 } },
        "metadataOptions.httpPutResponseHopLimit: 65 is out of range; allowed: 1 to 64",
      ],
      [
        { rootBlockDevice: { volumeSize: 70_000 } },
        "rootBlockDevice: Volume size of 70000 GiB is out of range for gp3; allowed: 1 to 65536",
      ],
      [{ rootBlockDevice: { volumeType: "st1", volumeSize: 500 } }, "rootBlockDevice: a st1 volume cannot be a root volume"],
      [
        { rootBlockDevice: { volumeType: "io1", volumeSize: 20 } },
        "rootBlockDevice: The parameter iops must be specified for io1 volumes",
      ],
      [
        { rootBlockDevice: { volumeType: "gp4" } },
        'rootBlockDevice: volumeType is "gp4"; allowed: gp2, gp3, io1, io2, sc1, st1, standard',
      ],
      [{ tenancy: "shared" }, 'tenancy: "shared" is not one of the allowed values: default, dedicated, host'],
      [
        { primaryNetworkInterface: { networkInterfaceId: "eni-1" } },
        "primaryNetworkInterface: the sandbox attaches no other network interfaces: an instance brings one of its own; give subnetId",
      ],
    ] as readonly [Props, string][]) {
      it(`${JSON.stringify(inputs)} is refused`, () => {
        assert.deepEqual(ec2.faults(type.instance, asked(inputs)), [fault]);
      });
    }

    it("a family that the sandbox does not know is told the nearest type", () => {
      const [fault = ""] = ec2.faults(type.instance, asked({ instanceType: "m55.large" }));
      assert.match(
        fault,
        /^instanceType: Invalid value 'm55.large' for InstanceType. Did you mean m5n?.large\? The sandbox knows the families t2, t3,/,
      );
    });
  });

  describe("the answer for metadata", () => {
    it("is EC2's own, then the region's, then the instance's", async () => {
      const tokens = async (more: Props = {}): Promise<unknown> => part(await launch(more), "metadataOptions")["httpTokens"];
      assert.equal(await tokens(), "optional");
      await ec2.create(type.metadataDefaults, { httpTokens: "required", httpPutResponseHopLimit: 2 });
      assert.equal(await tokens(), "required");
      assert.equal(await tokens({ metadataOptions: { httpTokens: "optional" } }), "optional");
      assert.deepEqual(part(await launch({ metadataOptions: { instanceMetadataTags: "enabled" } }), "metadataOptions"), {
        httpEndpoint: "enabled",
        httpProtocolIpv6: "disabled",
        httpPutResponseHopLimit: 2,
        httpTokens: "required",
        instanceMetadataTags: "enabled",
      });
    });

    it("stays as it was at the launch when the region changes its mind", async () => {
      const instance = await launch();
      await ec2.create(type.metadataDefaults, { httpTokens: "required" });
      const changed = await ec2.stack.update(instance, "r", asked({ monitoring: true }));
      assert.equal(part(changed, "metadataOptions")["httpTokens"], "optional");
    });
  });

  describe("the root volume", () => {
    it("is encrypted where the region encrypts everything, and keeps that for its life", async () => {
      const plain = await launch();
      await ec2.create(type.encryption);
      assert.equal(part(await launch(), "rootBlockDevice")["encrypted"], true);
      const grown = await ec2.stack.update(plain, "r", asked({ rootBlockDevice: { volumeSize: 20 } }));
      assert.deepEqual([part(grown, "rootBlockDevice")["encrypted"], part(grown, "rootBlockDevice")["volumeSize"]], [false, 20]);
      assert.equal(part(grown, "rootBlockDevice")["volumeId"], part(plain, "rootBlockDevice")["volumeId"]);
    });

    it("grows in place, and never shrinks", async () => {
      const instance = await launch({ rootBlockDevice: { volumeSize: 20 } });
      await refused(
        ec2.stack.update(instance, "r", asked({ rootBlockDevice: { volumeSize: 10 } })),
        "InvalidParameterValue",
        "New size cannot be smaller than existing size (given: 10 GiB, existing: 20 GiB)",
      );
    });

    it("takes a key of KMS that exists, and only when it is encrypted", async () => {
      const { outputs } = await ec2.create(type.key);
      const kmsKeyId = outputs["arn"] as string;
      await refused(
        launch({ rootBlockDevice: { kmsKeyId } }),
        "InvalidParameterDependency",
        "The parameter KmsKeyId requires the parameter Encrypted to be set.",
      );
      const missing = "arn:aws:kms:eu-central-1:123456789012:key/none";
      await refused(launch({ rootBlockDevice: { encrypted: true, kmsKeyId: missing } }), "InvalidKmsKey.NotFound");
      const disk = part(await launch({ rootBlockDevice: { encrypted: true, kmsKeyId } }), "rootBlockDevice");
      assert.deepEqual([disk["encrypted"], disk["kmsKeyId"]], [true, kmsKeyId]);
    });
  });

  describe("the end", () => {
    it("is refused while the instance is protected, and takes its network interface along", async () => {
      const group = await ec2.create(type.group, { vpcId: vpc.id, name: "web" });
      const inputs = { vpcSecurityGroupIds: [group.id] };
      const kept = await launch({ ...inputs, disableApiTermination: true });
      await refused(
        ec2.stack.delete(kept),
        "OperationNotPermitted",
        `The instance '${kept.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
      await refused(ec2.stack.delete(subnet), "DependencyViolation");
      await refused(ec2.stack.delete(group), "DependencyViolation", `resource ${group.id} has a dependent object`);
      await ec2.stack.delete(await ec2.stack.update(kept, "r", asked({ ...inputs, disableApiTermination: false })));
      assert.deepEqual([...ec2.cloud.world.all(type.instance), ...ec2.cloud.world.all(type.interface)], []);
      await ec2.stack.delete(group);
      await ec2.stack.delete(subnet);
    });

    it("comes to a protected instance by forceDestroy, or by who throws the whole sandbox away", async () => {
      await ec2.stack.delete(await launch({ disableApiTermination: true, forceDestroy: true }));
      const kept = await launch({ disableApiTermination: true });
      assert.equal(ec2.stack.engine.release(), 1);
      await ec2.stack.delete(kept);
    });
  });
});
