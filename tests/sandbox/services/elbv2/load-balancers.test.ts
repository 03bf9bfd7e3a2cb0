import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { ACCOUNT, REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { ElbFixture, type } from "./support.ts";

describe("load balancers of the sandbox", () => {
  let elb: ElbFixture;
  let vpc: Resource;
  let subnets: [Resource, Resource];
  beforeEach(async () => {
    elb = new ElbFixture();
    ({ vpc, subnets } = await elb.zones());
  });
  afterEach(() => elb.end());

  const make = (inputs: Props = {}): Promise<Resource> => elb.balancer(subnets, inputs);
  const ids = (): string[] => subnets.map(({ id }) => id);

  describe("get", () => {
    it("an ARN, a name in the DNS, the zone of that name, and the VPC's own group", async () => {
      const { id, outputs } = await make();
      assert.match(id, /^arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer\/app\/web\/[0-9a-f]{16}$/);
      assert.equal(outputs["arn"], id);
      assert.equal(outputs["arnSuffix"], id.split("loadbalancer/")[1]);
      assert.match(text(outputs, "dnsName"), /^web-\d{9,10}\.eu-central-1\.elb\.amazonaws\.com$/);
      assert.equal(outputs["zoneId"], "Z215JYRZR1TBD5");
      assert.equal(outputs["vpcId"], vpc.id);
      assert.deepEqual(outputs["subnets"], ids());
      assert.deepEqual(outputs["securityGroups"], [vpc.outputs["defaultSecurityGroupId"]]);
      assert.deepEqual([outputs["idleTimeout"], outputs["xffHeaderProcessingMode"]], [60, "append"]);
    });

    it("a name that says so where they are not for the internet", async () => {
      assert.match(text((await make({ internal: true })).outputs, "dnsName"), /^internal-web-\d+\./);
    });

    it("a name made of their prefix, or of what the program calls them", async () => {
      const { name: _name, ...named } = { name: "", subnets: ids() };
      const prefixed = await elb.create(type.balancer, { ...named, namePrefix: "shop-" });
      assert.match(text(prefixed.outputs, "name"), /^shop-[0-9a-f]{26}$/);
      const automatic = await elb.create(type.balancer, named);
      assert.match(text(automatic.outputs, "name"), /^r\d+-[0-9a-f]{7}$/);
    });

    it("a network interface in each subnet, which holds that and the security groups", async () => {
      const group = await elb.create(type.group, { vpcId: vpc.id, name: "web" });
      const balancer = await make({ securityGroups: [group.id] });
      const faces = elb.cloud.world.all(type.interface);
      const description = `ELB ${text(balancer.outputs, "arnSuffix")}`;
      assert.deepEqual(
        faces.map(({ outputs }) => [outputs["description"], outputs["subnetId"], outputs["securityGroups"], outputs["publicIp"]]),
        [
          [description, subnets[0].id, [group.id], "203.0.113.1"],
          [description, subnets[1].id, [group.id], "203.0.113.2"],
        ],
      );
      await refused(elb.stack.delete(group), "DependencyViolation");
      await refused(elb.stack.delete(subnets[0]), "DependencyViolation");
      await elb.stack.delete(balancer);
      await elb.stack.delete(group);
      await elb.stack.delete(subnets[0]);
    });
  });

  describe("stand", () => {
    it("in two zones at least, with one subnet in each", async () => {
      const one = "At least two subnets in two different Availability Zones must be specified";
      await refused(make({ subnets: [subnets[0].id] }), "ValidationError", one);
      const second = await elb.subnet(vpc, 2, "a");
      const twice = "A load balancer cannot be attached to multiple subnets in the same Availability Zone";
      await refused(make({ subnets: [subnets[0].id, second.id] }), "InvalidConfigurationRequest", twice);
    });

    it("in subnets that exist and are of one VPC", async () => {
      await refused(make({ subnets: [subnets[0].id, "subnet-1"] }), "SubnetNotFound", "The subnet ID 'subnet-1' does not exist");
      const other = await elb.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
      const place = { vpcId: other.id, cidrBlock: "10.1.0.0/24", availabilityZone: `${REGION}b` };
      const foreign = await elb.create(type.subnet, place);
      const words = `The subnets are in different VPCs: ${vpc.id}, ${other.id}`;
      await refused(make({ subnets: [subnets[0].id, foreign.id] }), "InvalidSubnet", words);
    });

    it("in subnets with eight free addresses", async () => {
      const small = { vpcId: vpc.id, cidrBlock: "10.0.9.0/28", availabilityZone: `${REGION}b` };
      const subnet = await elb.create(type.subnet, small);
      const balancer = await make({ subnets: [subnets[0].id, subnet.id] });
      for (let taken = 1; taken <= 3; taken++) await elb.create(type.interface, { subnetId: subnet.id });
      await refused(
        make({ name: "second", subnets: [subnets[0].id, subnet.id] }),
        "InvalidSubnet",
        `Not enough IP space available in ${subnet.id}. ELB requires at least 8 free IP addresses in each subnet.`,
      );
      // One that stands there already is not in its own way.
      await elb.stack.update(balancer, "r", { ...balancer.inputs, idleTimeout: 30 });
    });

    it("in a VPC with an internet gateway, if they are for the internet", async () => {
      const closed = await elb.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
      const places = ["a", "b"].map((zone, third) => ({
        vpcId: closed.id,
        cidrBlock: `10.1.${third}.0/24`,
        availabilityZone: `${REGION}${zone}`,
      }));
      const inside = { subnets: [(await elb.create(type.subnet, places[0])).id, (await elb.create(type.subnet, places[1])).id] };
      const words = `VPC ${closed.id} has no internet gateway; give "internal": true, or attach one`;
      await refused(make(inside), "InvalidSubnet", words);
      await make({ ...inside, internal: true });
    });

    it("in security groups of their VPC", async () => {
      const other = await elb.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
      const foreign = await elb.create(type.group, { vpcId: other.id, name: "web" });
      await refused(
        make({ securityGroups: [foreign.id] }),
        "InvalidConfigurationRequest",
        `One or more security groups are invalid: ${foreign.id} is not a security group of ${vpc.id}, the VPC of the subnets`,
      );
      await refused(make({ securityGroups: ["sg-1"] }), "InvalidSecurityGroup", "The security group 'sg-1' does not exist");
    });
  });

  it("have a name that nobody else in the region has", async () => {
    await make();
    await refused(make(), "DuplicateLoadBalancerName", "A load balancer with the same name 'web' exists");
  });

  describe("change in place", () => {
    it("where they stand: interfaces come and go with the subnets", async () => {
      const balancer = await make();
      const third = await elb.subnet(vpc, 2, "c");
      const group = await elb.create(type.group, { vpcId: vpc.id, name: "web" });
      const inputs = { ...balancer.inputs, subnets: [subnets[0].id, third.id], securityGroups: [group.id] };
      const { id, outputs } = await elb.stack.update(balancer, "r", inputs);
      assert.deepEqual([id, outputs["dnsName"]], [balancer.id, balancer.outputs["dnsName"]]);
      const faces = elb.cloud.world.all(type.interface).map((face) => [face.outputs["subnetId"], face.outputs["securityGroups"]]);
      assert.deepEqual(faces, [
        [subnets[0].id, [group.id]],
        [third.id, [group.id]],
      ]);
      await elb.stack.delete(subnets[1]);
    });

    it("but for their name and whether they are for the internet", async () => {
      const { inputs } = await make();
      assert.deepEqual(elb.replacing(type.balancer, inputs, { ...inputs, internal: true, name: "shop" }), ["internal", "name"]);
      assert.deepEqual(elb.replacing(type.balancer, inputs, { ...inputs, subnets: [], idleTimeout: 30 }), []);
    });
  });

  it("are not deleted while they are protected, but by who throws the whole sandbox away", async () => {
    const balancer = await make({ enableDeletionProtection: true });
    await refused(
      elb.stack.delete(balancer),
      "OperationNotPermitted",
      `Load balancer '${balancer.id}' cannot be deleted because deletion protection is enabled`,
    );
    assert.equal(elb.stack.engine.release(), 1);
    await elb.stack.delete(balancer);
    assert.deepEqual(elb.cloud.world.all(type.interface), []);
  });

  describe("write their logs", () => {
    const write = (
      bucket: string,
      path = "*",
      principal: object = { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    ) => policyOf({ Principal: principal, Action: "s3:PutObject", Resource: `arn:aws:s3:::${bucket}/${path}` });
    const logs = (bucket: string, more: Props = {}): Props => ({ accessLogs: { bucket, enabled: true, ...more } });

    async function bucket(policy?: string): Promise<string> {
      const { id } = await elb.create(type.bucket, { bucket: "our-logs" });
      if (policy !== undefined) await elb.create(type.bucketPolicy, { bucket: id, policy });
      return id;
    }

    const denied = "Access Denied for bucket: our-logs. Please check S3bucket permission";

    it("into a bucket that exists, and lets their writer in", async () => {
      const missing = "Could not find/access bucket: our-logs";
      await refused(make(logs("our-logs")), "InvalidConfigurationRequest", missing);
      const name = await bucket();
      await refused(make(logs(name)), "InvalidConfigurationRequest", denied);
      await elb.create(type.bucketPolicy, { bucket: name, policy: write(name, `AWSLogs/${ACCOUNT}/*`) });
      await make(logs(name));
    });

    it("under their prefix", async () => {
      const name = await bucket(write("our-logs", `web/AWSLogs/${ACCOUNT}/*`));
      await refused(make(logs(name)), "InvalidConfigurationRequest", denied);
      await make(logs(name, { prefix: "web" }));
    });

    it("by the account that wrote them in older regions", async () => {
      const root = (account: string) => write("our-logs", "*", { AWS: `arn:aws:iam::${account}:root` });
      const name = await bucket(root("054676820928"));
      await make(logs(name));
    });

    it("not by the account of another region", async () => {
      const name = await bucket(write("our-logs", "*", { AWS: "arn:aws:iam::127311923021:root" }));
      await refused(make(logs(name)), "InvalidConfigurationRequest", denied);
    });

    it("nowhere while they are switched off", async () => {
      await make({ accessLogs: { bucket: "our-logs", enabled: false } });
    });

    it("also from an update on, which is refused likewise", async () => {
      const balancer = await make();
      const inputs = { ...balancer.inputs, ...logs(await bucket()) };
      await refused(elb.stack.update(balancer, "r", inputs), "InvalidConfigurationRequest", denied);
    });
  });

  describe("before anything is made", () => {
    for (const [inputs, fault] of [
      [{ name: "a".repeat(33) }, `name: "${"a".repeat(33)}" has the wrong length; allowed: 1 to 32 characters`],
      [{ name: "my_web" }, 'name: "my_web" is not allowed: letters, digits and hyphens are'],
      [{ name: "web-" }, 'name: "web-" is not allowed: a name neither begins nor ends with a hyphen'],
      [
        { name: "internal-web" },
        'name: "internal-web" is not allowed: a name does not begin with "internal-", which AWS writes itself',
      ],
      [{ namePrefix: "shopweb" }, 'namePrefix: "shopweb" has the wrong length; allowed: 1 to 6 characters'],
      [
        { loadBalancerType: "network" },
        'loadBalancerType: the sandbox plays application load balancers, not "network": leave loadBalancerType out, or give "application"',
      ],
      [
        { connectionLogs: { bucket: "our-logs", enabled: true } },
        'connectionLogs.enabled: the sandbox writes no connection logs; leave them out, or give "enabled": false',
      ],
      [{ idleTimeout: 4001 }, "idleTimeout: 4001 is out of range; allowed: 1 to 4000"],
      [{ clientKeepAlive: 59 }, "clientKeepAlive: 59 is out of range; allowed: 60 to 604800"],
      [
        { desyncMitigationMode: "strict" },
        'desyncMitigationMode: "strict" is not one of the allowed values: monitor, defensive, strictest',
      ],
      [
        { xffHeaderProcessingMode: "drop" },
        'xffHeaderProcessingMode: "drop" is not one of the allowed values: append, preserve, remove',
      ],
      [
        { ipAddressType: "dualstack" },
        'ipAddressType: "dualstack": the subnets of the sandbox have IPv4 addresses only; give "ipv4"',
      ],
      [{ subnetMappings: [{ subnetId: "subnet-1" }] }, 'subnets: "subnets" conflicts with "subnetMappings": give one of them'],
    ] as readonly [Props, string][]) {
      it(`${JSON.stringify(inputs)} is refused`, () => {
        const named = "namePrefix" in inputs ? {} : { name: "web" };
        assert.deepEqual(elb.faults(type.balancer, { ...named, subnets: ids(), ...inputs }), [fault]);
      });
    }
  });
});
