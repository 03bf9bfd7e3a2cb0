import assert from "node:assert/strict";
import { text } from "../../../../sandbox/src/core/values.ts";
import { freeAddress } from "../../../../sandbox/src/services/ec2/subnet.ts";
import { refused } from "../../support/refused.ts";
import { NetworkFixture, type } from "./support.ts";

describe("VPCs and subnets of the sandbox", () => {
  let net: NetworkFixture;
  beforeEach(() => (net = new NetworkFixture()));
  afterEach(() => net.cloud.end());

  it("give a VPC its ARN, a main route table, and a closed circle of a default security group", async () => {
    const { id, outputs } = await net.vpc();
    assert.match(id, /^vpc-0[0-9a-f]{16}$/);
    assert.equal(outputs["arn"], `arn:aws:ec2:eu-central-1:123456789012:vpc/${id}`);
    assert.equal(outputs["mainRouteTableId"], outputs["defaultRouteTableId"]);
    const group = net.cloud.world.get(type.group, text(outputs, "defaultSecurityGroupId"));
    assert.deepEqual(group?.outputs["ingress"], [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }]);
  });

  for (const [cidr, reason] of [
    ["10.0.0.0/15", /wrong size; allowed: \/16 \(65,536 addresses\) to \/28 \(16 addresses\)/],
    ["10.0.0.0/29", /wrong size/],
    ["10.0.1.0/16", /did you mean "10.0.0.0\/16"\?/],
    ["10.0.0/16", /not a valid IPv4 CIDR block/],
    ["fd00::/56", /not a valid IPv4 CIDR block/],
  ] as const) {
    it(`refuse ${cidr} for a VPC before anything is made`, () => {
      const [fault = "", ...more] = net.stack.faults(type.vpc, "v", { cidrBlock: cidr });
      assert.match(fault, reason);
      assert.deepEqual(more, []);
    });
  }

  it("put a subnet into the zone that it names, by name or id", async () => {
    const vpc = await net.vpc();
    const subnet = await net.subnet(vpc);
    assert.equal(subnet.outputs["availabilityZoneId"], "euc1-az1");
    const byId = await net.make(type.subnet, { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", availabilityZoneId: "euc1-az3" });
    assert.equal(byId.outputs["availabilityZone"], "eu-central-1c");
  });

  it("refuse a zone of another region, and name the zones that there are", async () => {
    const vpc = await net.vpc();
    await refused(
      net.subnet(vpc, "10.0.0.0/24", "us-east-1a"),
      "InvalidParameterValue",
      /eu-central-1a, eu-central-1b, eu-central-1c/,
    );
  });

  it("refuse a subnet in a VPC that does not exist", async () => {
    const make = net.make(type.subnet, { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24" });
    await refused(make, "InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist");
  });

  it("refuse a subnet outside its VPC's range, also one that only sticks out", async () => {
    const vpc = await net.vpc("10.0.0.0/20");
    await refused(net.subnet(vpc, "10.0.16.0/24"), "InvalidSubnet.Range", /'10.0.16.0\/24' is invalid/);
    await refused(net.subnet(vpc, "10.0.0.0/19"), "InvalidSubnet.Range");
  });

  it("refuse a subnet that overlaps another of its VPC, in either direction, and allow it in another VPC", async () => {
    const vpc = await net.vpc();
    await net.subnet(vpc, "10.0.0.0/22");
    await refused(net.subnet(vpc, "10.0.3.0/24"), "InvalidSubnet.Conflict", /'10.0.3.0\/24' conflicts with another subnet/);
    await refused(net.subnet(vpc, "10.0.0.0/20"), "InvalidSubnet.Conflict");
    await net.subnet(vpc, "10.0.4.0/24");
    await net.subnet(await net.vpc(), "10.0.0.0/22");
  });

  it("allow five VPCs a region", async () => {
    for (let count = 0; count < 5; count++) await net.vpc();
    await refused(net.vpc(), "VpcLimitExceeded", "The maximum number of VPCs has been reached. (quota: 5)");
  });

  it("hand out the addresses that AWS does not keep for itself, each once, and say when there are none left", async () => {
    const subnet = await net.subnet(await net.vpc(), "10.0.0.0/28");
    const twin = await net.subnet(await net.vpc(), "10.0.0.0/28");
    const taken: string[] = [];
    for (let count = 0; count < 11; count++) {
      const privateIp = freeAddress(net.cloud.world, subnet.id);
      taken.push(privateIp);
      net.plant("aws:ec2/instance:Instance", `i-${count}`, { subnetId: subnet.id, privateIp });
    }
    assert.deepEqual([taken[0], taken.at(-1)], ["10.0.0.4", "10.0.0.14"]);
    assert.throws(() => freeAddress(net.cloud.world, subnet.id), { code: "InsufficientFreeAddressesInSubnet" });
    assert.equal(freeAddress(net.cloud.world, twin.id), "10.0.0.4");
  });

  describe("when deleted", () => {
    it("refuse as long as something stands in the VPC, and take what the VPC was born with along", async () => {
      const vpc = await net.vpc();
      const subnet = await net.subnet(vpc);
      const words = `The vpc '${vpc.id}' has dependencies and cannot be deleted.`;
      await refused(net.stack.delete(vpc), "DependencyViolation", words);
      await net.stack.delete(subnet);
      const group = await net.group(vpc, "web");
      await refused(net.stack.delete(vpc), "DependencyViolation", words);
      await net.stack.delete(group);
      await net.stack.delete(vpc);
      assert.deepEqual(net.cloud.world.all(), []);
    });

    it("refuse a subnet in use by an endpoint", async () => {
      const vpc = await net.vpc();
      const subnet = await net.subnet(vpc);
      const serviceName = "com.amazonaws.eu-central-1.ssm";
      const endpoint = await net.make(type.endpoint, {
        vpcId: vpc.id,
        serviceName,
        vpcEndpointType: "Interface",
        subnetIds: [subnet.id],
      });
      await refused(
        net.stack.delete(subnet),
        "DependencyViolation",
        `The subnet '${subnet.id}' has dependencies and cannot be deleted.`,
      );
      await net.stack.delete(endpoint);
      await net.stack.delete(subnet);
    });
  });
});
