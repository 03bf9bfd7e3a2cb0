import assert from "node:assert/strict";
import { Egress, type EgressArgs, Network } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { tags, zones } from "../examples.ts";

const args: EgressArgs = {
  region: "eu-central-1",
  vpcId: "vpc-1",
  cidr: "10.0.0.0/16",
  zones,
  publicSubnetIds: ["public-a", "public-b", "public-c"],
  privateRouteTableIds: ["routes-a", "routes-b", "routes-c"],
  tags,
};

const egress = (changes: Partial<EgressArgs> = {}): Promise<Recorded[]> =>
  record(() => new Egress("out", { ...args, ...changes }));

const namesOf = (resources: readonly Recorded[]): string[] =>
  resources.map((one) => identity(one).replace("platform:network:Egress$", "")).sort();

/** Where each private route table leads, by its id. */
function routes(resources: readonly Recorded[]): Record<string, unknown> {
  const found = resources.filter(({ type }) => type === "aws:ec2/route:Route");
  return Object.fromEntries(
    found.map(({ inputs }) => [inputs["routeTableId"], inputs["natGatewayId"] ?? inputs["networkInterfaceId"]]),
  );
}

const natServer = { amiId: "ami-0123456789abcdef0", instanceType: "t4g.nano" };

describe("Egress", () => {
  it("is one NAT gateway for three zones, and endpoints for what servers use all the time", async () => {
    assert.deepEqual(namesOf(await egress()), [
      "aws:ec2/eip:Eip::out-address-a",
      "aws:ec2/natGateway:NatGateway::out-nat-a",
      "aws:ec2/route:Route::out-internet-a",
      "aws:ec2/route:Route::out-internet-b",
      "aws:ec2/route:Route::out-internet-c",
      "aws:ec2/securityGroup:SecurityGroup::out-endpoints",
      "aws:ec2/subnet:Subnet::out-endpoints-a",
      "aws:ec2/subnet:Subnet::out-endpoints-b",
      "aws:ec2/subnet:Subnet::out-endpoints-c",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-ecr-api",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-ecr-dkr",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-logs",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-secretsmanager",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-sqs",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-ssm",
      "aws:ec2/vpcEndpoint:VpcEndpoint::out-ssmmessages",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::out-into-endpoints",
      "platform:network:Egress::out",
    ]);
  });

  it("leads every private subnet to the one gateway, which stands in the first public subnet", async () => {
    const resources = await egress();
    assert.deepEqual(routes(resources), { "routes-a": "out-nat-a-id", "routes-b": "out-nat-a-id", "routes-c": "out-nat-a-id" });
    const { inputs } = only(resources, "out-nat-a");
    assert.deepEqual([inputs["subnetId"], inputs["allocationId"]], ["public-a", "out-address-a-id"]);
  });

  it("leads each zone to a gateway of its own, when a zone's failure must stay there", async () => {
    const resources = await egress({ nat: "per-zone" });
    assert.deepEqual(routes(resources), { "routes-a": "out-nat-a-id", "routes-b": "out-nat-b-id", "routes-c": "out-nat-c-id" });
    assert.equal(only(resources, "out-nat-c").inputs["subnetId"], "public-c");
  });

  it("keeps the routes and the first gateway when there come to be three: nothing that both have is renamed", async () => {
    const [one, three] = [namesOf(await egress()), namesOf(await egress({ nat: "per-zone" }))];
    assert.deepEqual(
      one.filter((name) => !three.includes(name)),
      [],
    );
  });

  it("is nothing but endpoints with none, and nothing at all without those", async () => {
    const none = await egress({ nat: "none" });
    assert.deepEqual(routes(none), {});
    assert.equal(none.length, 13);
    assert.deepEqual(namesOf(await egress({ nat: "none", endpoints: [] })), ["platform:network:Egress::out"]);
  });

  it("is a small server in place of a gateway, which passes on what is not its own", async () => {
    const resources = await egress({ nat: "instance", natServer, endpoints: [] });
    assert.deepEqual(namesOf(resources), [
      "aws:ec2/eip:Eip::out-address-a",
      "aws:ec2/eipAssociation:EipAssociation::out-nat-address",
      "aws:ec2/instance:Instance::out-nat-instance",
      "aws:ec2/route:Route::out-internet-a",
      "aws:ec2/route:Route::out-internet-b",
      "aws:ec2/route:Route::out-internet-c",
      "aws:ec2/securityGroup:SecurityGroup::out-nat-access",
      "aws:iam/instanceProfile:InstanceProfile::out-nat-profile",
      "aws:iam/role:Role::out-nat-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment::out-nat-role-AmazonSSMManagedInstanceCore",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::out-nat-out-http",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::out-nat-out-https",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::out-nat-in-http",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::out-nat-in-https",
      "platform:network:Egress::out",
    ]);
    const card = "out-nat-instance-card";
    assert.deepEqual(routes(resources), { "routes-a": card, "routes-b": card, "routes-c": card });
    const { inputs } = only(resources, "out-nat-instance");
    assert.equal(inputs["sourceDestCheck"], false);
    assert.equal(inputs["associatePublicIpAddress"], false);
    assert.match(inputs["userData"] as string, /ip saddr 10\.0\.0\.0\/16 ip daddr != 10\.0\.0\.0\/16 masquerade/);
  });

  it("puts endpoints into the room that the network's plan keeps for them, open to the network alone", async () => {
    const resources = await egress();
    const ranges = ["a", "b", "c"].map((zone) => only(resources, `out-endpoints-${zone}`).inputs["cidrBlock"]);
    assert.deepEqual(ranges, ["10.0.32.0/24", "10.0.33.0/24", "10.0.34.0/24"]);
    assert.deepEqual(only(resources, "out-into-endpoints").inputs["cidrIpv4"], "10.0.0.0/16");
    assert.deepEqual(only(resources, "out-sqs").inputs, {
      vpcId: "vpc-1",
      vpcEndpointType: "Interface",
      serviceName: "com.amazonaws.eu-central-1.sqs",
      subnetIds: ["out-endpoints-a-id", "out-endpoints-b-id", "out-endpoints-c-id"],
      securityGroupIds: ["out-endpoints-id"],
      privateDnsEnabled: true,
      tags: { "platform:name": "test", Name: "out-sqs" },
    });
  });

  it("tells the addresses from which the platform speaks", async () => {
    const addresses = async (nat: NonNullable<EgressArgs["nat"]>) =>
      (await run(() => new Egress("out", { ...args, nat }).addresses)).result;
    assert.deepEqual(await addresses("none"), []);
    assert.deepEqual(await addresses("one"), ["203.0.113.10"]);
    assert.deepEqual(await addresses("per-zone"), ["203.0.113.10", "203.0.113.10", "203.0.113.10"]);
  });

  it("takes the network's own outputs", async () => {
    const resources = await record(() => {
      const { privateRouteTableIds, publicSubnetIds, vpcId } = new Network("net", {
        region: "eu-central-1",
        accountId: "123456789012",
        cidr: "10.0.0.0/16",
        zones,
        logKeyArn: "arn:test:key",
        logDays: 30,
        tags,
      });
      return new Egress("out", { ...args, vpcId, publicSubnetIds, privateRouteTableIds, nat: "per-zone" });
    });
    const out = resources.filter(({ name }) => name.startsWith("out-internet-"));
    assert.deepEqual(
      out.map(({ inputs }) => [inputs["routeTableId"], inputs["natGatewayId"]]),
      [
        ["net-private-a-id", "out-nat-a-id"],
        ["net-private-b-id", "out-nat-b-id"],
        ["net-private-c-id", "out-nat-c-id"],
      ],
    );
  });

  it("refuses a network that is no /16, and an instance of which nothing is said", async () => {
    await assert.rejects(
      egress({ cidr: "10.0.0.0/20" }),
      new RangeError("the network's range is 10.0.0.0/20; allowed: a /16 such as 10.0.0.0/16"),
    );
    await assert.rejects(
      egress({ nat: "instance" }),
      new RangeError('Egress "out": nat is "instance" and natServer is not given; allowed: with natServer, or another nat'),
    );
  });
});
