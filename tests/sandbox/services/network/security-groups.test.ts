import assert from "node:assert/strict";
import { refused } from "../../support/refused.ts";
import { NetworkFixture, type } from "./support.ts";

const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

describe("security groups of the sandbox", () => {
  let net: NetworkFixture;
  beforeEach(() => (net = new NetworkFixture()));
  afterEach(() => net.cloud.end());

  it("let nothing out until a rule says so, as the provider makes them", async () => {
    const group = await net.group(await net.vpc(), "web");
    assert.deepEqual([group.outputs["ingress"], group.outputs["egress"]], [[], []]);
  });

  it("have a name that is the VPC's only one", async () => {
    const vpc = await net.vpc();
    await net.group(vpc, "web");
    await refused(net.group(vpc, "web"), "InvalidGroup.Duplicate", `The security group 'web' already exists for VPC '${vpc.id}'`);
    await net.group(await net.vpc(), "web");
  });

  it("refuse names and descriptions that EC2 does not take", () => {
    const faults = net.stack.faults(type.group, "g", { vpcId: "vpc-1", name: "sg-web", description: "Größe" });
    assert.equal(faults.length, 2);
    assert.match(faults.join(), /may not be in the format sg-\*.*allowed are letters/);
  });

  it("refuse the same rule twice, however it is written, and take one that differs in port or peer", async () => {
    const group = await net.group(await net.vpc(), "web");
    const rule = (inputs: object) => net.make(type.ingress, { securityGroupId: group.id, ...https, ...inputs });
    await rule({ cidrIpv4: "0.0.0.0/0" });
    await refused(rule({ cidrIpv4: "0.0.0.0/0", description: "again" }), "InvalidPermission.Duplicate", /already exists$/);
    await refused(rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "6" }), "InvalidPermission.Duplicate");
    await rule({ cidrIpv6: "::/0" });
    await refused(rule({ cidrIpv6: "0:0:0:0:0:0:0:0/0" }), "InvalidPermission.Duplicate");
    await rule({ cidrIpv4: "0.0.0.0/0", fromPort: 80, toPort: 80 });
  });

  it("let a rule be changed into anything but its twin", async () => {
    const group = await net.group(await net.vpc(), "web");
    const inputs = { securityGroupId: group.id, ...https, cidrIpv4: "10.0.0.0/8" };
    const rule = await net.make(type.ingress, inputs);
    await net.make(type.ingress, { ...inputs, cidrIpv4: "192.168.0.0/16" });
    await net.stack.update(rule, "r2", { ...inputs, description: "ours" });
    await refused(net.stack.update(rule, "r2", { ...inputs, cidrIpv4: "192.168.0.0/16" }), "InvalidPermission.Duplicate");
  });

  for (const [what, inputs, reason] of [
    ["no peer", {}, /exactly one of .* \(given: none\)/],
    ["two peers", { cidrIpv4: "0.0.0.0/0", cidrIpv6: "::/0" }, /\(given: cidrIpv4, cidrIpv6\)/],
    ["ports in the wrong order", { cidrIpv4: "0.0.0.0/0", toPort: 80 }, /fromPort 443 is greater than toPort 80/],
    ["a port beyond the last", { cidrIpv4: "0.0.0.0/0", toPort: 65_536 }, /toPort is 65536; allowed: 0 to 65535/],
    ["ports beside all protocols", { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }, /leave fromPort and toPort out/],
    ["a protocol that there is not", { cidrIpv4: "0.0.0.0/0", ipProtocol: "tpc" }, /"tpc" is not a protocol/],
    ["a block with bits behind its prefix", { cidrIpv4: "10.0.0.1/8" }, /did you mean "10.0.0.0\/8"\?/],
  ] as const) {
    it(`refuse a rule with ${what}`, () => {
      const faults = net.stack.faults(type.ingress, "r", { securityGroupId: "sg-1", ...https, ...inputs });
      assert.match(faults.join("\n"), reason);
    });
  }

  it("refuse a rule for a group of another VPC", async () => {
    const [one, other] = [await net.group(await net.vpc(), "one"), await net.group(await net.vpc(), "other")];
    const rule = net.make(type.ingress, { securityGroupId: one.id, ...https, referencedSecurityGroupId: other.id });
    await refused(rule, "InvalidGroup.NotFound", "You have specified two resources that belong to different networks.");
  });

  it("stand still while another group's rule names them, and take their own rules along when they go", async () => {
    const vpc = await net.vpc();
    const [web, database] = [await net.group(vpc, "web"), await net.group(vpc, "database")];
    const rule = { securityGroupId: database.id, ...https, referencedSecurityGroupId: web.id };
    await net.make(type.ingress, rule);
    await refused(net.stack.delete(web), "DependencyViolation", `resource ${web.id} has a dependent object`);
    await net.stack.delete(database);
    assert.deepEqual(net.cloud.world.all(type.ingress), []);
    await net.stack.delete(web);
  });

  it("hold sixty rules a direction", async () => {
    const group = await net.group(await net.vpc(), "web");
    const rule = (port: number) =>
      net.make(type.ingress, {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "0.0.0.0/0",
      });
    for (let port = 1; port <= 60; port++) await rule(port);
    await refused(rule(61), "RulesPerSecurityGroupLimitExceeded", /\(quota: 60\)$/);
  });

  it("let a program empty the VPC's own group, which nobody can delete", async () => {
    const vpc = await net.vpc();
    const taken = await net.make(type.defaultGroup, { vpcId: vpc.id });
    assert.equal(taken.id, vpc.outputs["defaultSecurityGroupId"]);
    const group = net.cloud.world.get(type.group, taken.id);
    assert.ok(group);
    assert.deepEqual([group.outputs["ingress"], group.outputs["egress"]], [[], []]);
    await refused(net.stack.delete(group), "CannotDelete", /name: "default" cannot be deleted by a user/);
  });
});
