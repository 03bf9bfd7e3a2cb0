import assert from "node:assert/strict";
import { onlyWebPortsOpenToAnyone as rule } from "../../../../policies/rules/network/only-web-ports-open-to-anyone.ts";
import { ask, CLEAN, found, NOT_APPLICABLE, UNKNOWN, unknownAt } from "../../support.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const LEGACY = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const tcp = (port: number, rest: object): Record<string, unknown> => ({
  ipProtocol: "tcp",
  fromPort: port,
  toPort: port,
  ...rest,
});

describe(rule.name, () => {
  it("lets everyone reach ports 80 and 443", async () => {
    assert.deepEqual(await ask(rule, INGRESS, tcp(80, { cidrIpv4: "0.0.0.0/0" })), CLEAN);
    assert.deepEqual(await ask(rule, INGRESS, tcp(443, { cidrIpv6: "::/0" })), CLEAN);
  });

  it("lets one security group or a narrow range reach any port", async () => {
    assert.deepEqual(await ask(rule, INGRESS, tcp(5432, { referencedSecurityGroupId: "sg-1" })), CLEAN);
    assert.deepEqual(await ask(rule, INGRESS, tcp(5432, { cidrIpv4: "10.0.0.0/8" })), CLEAN);
  });

  it("lets everyone ping", async () => {
    assert.deepEqual(await ask(rule, INGRESS, { ipProtocol: "icmp", fromPort: 8, toPort: 0, cidrIpv4: "0.0.0.0/0" }), CLEAN);
  });

  it("finds a database open to everyone over IPv4 and over IPv6", async () => {
    const message = (cidr: string): string => `${cidr} may reach port 5432; everyone may reach only: 80, 443.`;
    assert.deepEqual(await ask(rule, INGRESS, tcp(5432, { cidrIpv4: "0.0.0.0/0" })), found(message("0.0.0.0/0")));
    assert.deepEqual(await ask(rule, INGRESS, tcp(5432, { cidrIpv6: "::/0" })), found(message("::/0")));
  });

  it("finds half of the internet as well", async () => {
    assert.deepEqual(
      await ask(rule, INGRESS, tcp(22, { cidrIpv4: "128.0.0.0/1" })),
      found("128.0.0.0/1 may reach port 22; everyone may reach only: 80, 443."),
    );
  });

  it("finds a range of ports that holds an allowed one, and all protocols", async () => {
    assert.deepEqual(
      await ask(rule, INGRESS, { ipProtocol: "tcp", fromPort: 80, toPort: 443, cidrIpv4: "0.0.0.0/0" }),
      found("0.0.0.0/0 may reach ports 80-443; everyone may reach only: 80, 443."),
    );
    assert.deepEqual(
      await ask(rule, INGRESS, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
      found("0.0.0.0/0 may reach every port; everyone may reach only: 80, 443."),
    );
  });

  it("reads the older spellings, and leaves egress alone", async () => {
    const open = { protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] };
    const message = "0.0.0.0/0 may reach port 5432; everyone may reach only: 80, 443.";
    assert.deepEqual(await ask(rule, LEGACY, { type: "ingress", ...open }), found(message));
    assert.deepEqual(await ask(rule, LEGACY, { type: "egress", ...open }), CLEAN);
    assert.deepEqual(await ask(rule, GROUP, { ingress: [open, { ...open, fromPort: 443, toPort: 443 }] }), found(message));
    assert.deepEqual(await ask(rule, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { ingress: [open] }), found(message));
    assert.deepEqual(await ask(rule, GROUP, {}), CLEAN);
  });

  it("takes other ports from its configuration", async () => {
    const config = { ports: [8443] };
    assert.deepEqual(await ask(rule, INGRESS, tcp(8443, { cidrIpv4: "0.0.0.0/0" }), { config }), CLEAN);
    assert.deepEqual(
      await ask(rule, INGRESS, tcp(443, { cidrIpv4: "0.0.0.0/0" }), { config }),
      found("0.0.0.0/0 may reach port 443; everyone may reach only: 8443."),
    );
  });

  it("says that it cannot know when the range is not known", async () => {
    assert.deepEqual(await ask(rule, INGRESS, tcp(5432, { cidrIpv4: UNKNOWN })), unknownAt("cidrIpv4"));
    assert.deepEqual(
      await ask(rule, GROUP, { ingress: [{ protocol: "tcp", fromPort: 1, toPort: 1, cidrBlocks: [UNKNOWN] }] }),
      unknownAt("ingress.0.cidrBlocks.0"),
    );
  });

  it("is about no other type", async () => {
    assert.deepEqual(await ask(rule, "aws:s3/bucket:Bucket", {}), NOT_APPLICABLE);
  });
});
