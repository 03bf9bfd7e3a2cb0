import assert from "node:assert/strict";
import { refused } from "../../support/refused.ts";
import { NamesFixture, type } from "./support.ts";

describe("hosted zones of the sandbox", () => {
  let names: NamesFixture;
  beforeEach(() => (names = new NamesFixture()));
  afterEach(() => names.cloud.end());

  const vpcs = async () => [{ vpcId: (await names.create(type.vpc, { cidrBlock: "10.0.0.0/16" })).id }];

  it("have four name servers under four top-level domains", async () => {
    const { id, outputs } = await names.zone("Shop.Example.org.");
    assert.match(id, /^Z0[0-9A-Z]{19}$/);
    assert.deepEqual(
      [outputs["name"], outputs["arn"], outputs["zoneId"]],
      ["shop.example.org", `arn:aws:route53:::hostedzone/${id}`, id],
    );
    const servers = outputs["nameServers"] as string[];
    assert.deepEqual(
      servers.map((server) => server.replace(/^ns-\d+\.awsdns-\d\d\./, "")),
      ["com", "net", "org", "co.uk"],
    );
    assert.equal(outputs["primaryNameServer"], servers[0]);
  });

  it("may have one name twice in public, as different servers answer for them", async () => {
    assert.notEqual((await names.zone()).id, (await names.zone()).id);
  });

  it("refuse what is no domain name, and the name that AWS keeps for examples", async () => {
    for (const name of ["shop..example.org", "a b.example.org", `${"a".repeat(64)}.example.org`])
      assert.deepEqual(names.stack.faults(type.zone, "z", { name }), [
        `name: "${name}" is not a domain name, such as shop.example.org`,
      ]);
    await refused(names.zone("example.com"), "InvalidDomainName", "example.com is reserved by AWS!");
    assert.deepEqual(names.stack.faults(type.zone, "z", { name: "example.org", delegationSetId: "N1" }), [
      'delegationSetId: "N1" is not allowed: reusable delegation sets are not served by the sandbox; leave it out',
    ]);
  });

  describe("that are private", () => {
    it("belong to VPCs that exist, each of which resolves a name through one of them", async () => {
      await refused(names.zone("internal", { vpcs: [{ vpcId: "vpc-1" }] }), "InvalidVpcID.NotFound");
      const own = await vpcs();
      const first = await names.zone("internal", { vpcs: own });
      assert.deepEqual(first.outputs["vpcs"], [{ vpcId: own[0]?.vpcId, vpcRegion: "eu-central-1" }]);
      await refused(
        names.zone("internal", { vpcs: own }),
        "ConflictingDomainExists",
        `The VPC ${own[0]?.vpcId ?? ""} in region eu-central-1 has already been associated with the hosted zone ${first.id} with the same domain name.`,
      );
      await names.zone("other", { vpcs: own });
      await names.zone("internal", { vpcs: await vpcs() });
    });

    it("stay private, and public ones public", async () => {
      const own = await vpcs();
      const closed = await names.zone("internal", { vpcs: own });
      await refused(
        names.stack.update(closed, "z", { name: "internal" }),
        "LastVPCAssociation",
        `The VPC ${own[0]?.vpcId ?? ""} is the last VPC of the private hosted zone ${closed.id} and cannot be disassociated from it.`,
      );
      const open = await names.zone();
      await refused(
        names.stack.update(open, "z", { name: "example.org", vpcs: own }),
        "PublicZoneVPCAssociation",
        `The hosted zone ${open.id} is public; VPCs go with private hosted zones only.`,
      );
    });
  });

  describe("when deleted", () => {
    it("are refused while they hold records", async () => {
      const zone = await names.zone();
      const record = await names.record(zone, "www", "A", ["192.0.2.1"]);
      await refused(
        names.stack.delete(zone),
        "HostedZoneNotEmpty",
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
      );
      await names.stack.delete(record);
      await names.stack.delete(zone);
    });

    it("take their records along where the program says so", async () => {
      const zone = await names.zone("example.org", { forceDestroy: true });
      await names.record(zone, "www", "A", ["192.0.2.1"]);
      await names.stack.delete(zone);
      assert.deepEqual(names.cloud.world.all(type.record), []);
    });
  });
});
