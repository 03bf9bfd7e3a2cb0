import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, UNKNOWN } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { NamesFixture, type } from "./support.ts";

const CLOUDFRONT = "Z2FDTNDATAQYW2";
const FRANKFURT = "Z215JYRZR1TBD5";

describe("records of the sandbox", () => {
  let names: NamesFixture;
  let zone: Resource;
  beforeEach(async () => {
    names = new NamesFixture();
    zone = await names.zone();
  });
  afterEach(() => names.end());

  const faults = (inputs: Props): string[] => names.stack.faults(type.record, "r", { zoneId: zone.id, name: "www", ...inputs });

  it("have names of their zone, in full or relative to it", async () => {
    const fqdn = async (name: string): Promise<unknown> => (await names.record(zone, name, "TXT", [name])).outputs["fqdn"];
    assert.equal(await fqdn("www"), "www.example.org");
    assert.equal(await fqdn("API.example.org."), "api.example.org");
    assert.equal(await fqdn(""), "example.org");
    assert.equal(await fqdn("*.shop"), "*.shop.example.org");
  });

  it("have an id of their zone, name, type and set", async () => {
    assert.equal((await names.record(zone, "www", "A", ["192.0.2.1"])).id, `${zone.id}_www.example.org_A`);
    const weighted = { setIdentifier: "blue", weightedRoutingPolicies: [{ weight: 10 }] };
    assert.equal((await names.record(zone, "api", "A", ["192.0.2.1"], weighted)).id, `${zone.id}_api.example.org_A_blue`);
  });

  it("stand in a zone that exists, under its name", async () => {
    await refused(
      names.record({ ...zone, id: "Z1" }, "www", "A", ["192.0.2.1"]),
      "NoSuchHostedZone",
      "No hosted zone found with ID: Z1",
    );
    // The provider takes whatever ends like the zone for a full name.
    await refused(
      names.record(zone, "notexample.org", "A", ["192.0.2.1"]),
      "InvalidChangeBatch",
      "[RRSet with DNS name notexample.org. is not permitted in zone example.org.]",
    );
  });

  describe("refuse before anything is made", () => {
    for (const [inputs, fault] of [
      [{ type: "A" }, "type: exactly one of aliases, records must be given (given: none)"],
      [{ type: "A", records: ["192.0.2.1"] }, "type: records need a ttl"],
      [
        { type: "A", ttl: 60, aliases: [{ name: "a", zoneId: "Z1", evaluateTargetHealth: true }] },
        "type: an alias has the ttl of its target; leave ttl out",
      ],
      [
        { type: "AX", ttl: 60, records: ["192.0.2.1"] },
        'type: "AX" is not one of the allowed values: A, AAAA, CAA, CNAME, DS, HTTPS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, SVCB, TLSA, TXT',
      ],
      [
        { type: "A", ttl: 60, records: ["192.0.2.256", "fd00::1"] },
        "records: Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '192.0.2.256'', Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'fd00::1''",
      ],
      [
        { type: "AAAA", ttl: 60, records: ["192.0.2.1"] },
        "records: Invalid Resource Record: 'FATAL problem: AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address) encountered with '192.0.2.1''",
      ],
      [
        { type: "MX", ttl: 60, records: ["mail.example.org"] },
        "records: Invalid Resource Record: 'FATAL problem: MXRRDATANotTwoFields (MX record doesn't have 2 fields) encountered with 'mail.example.org''",
      ],
      [
        { type: "TXT", ttl: 60, records: ["x".repeat(256)] },
        `records: Invalid Resource Record: 'FATAL problem: CharacterStringTooLong (Value is too long) encountered with '${"x".repeat(256)}''`,
      ],
      [{ type: "A", ttl: 60, records: ["192.0.2.1", "192.0.2.1"] }, "records: Duplicate Resource Record: '192.0.2.1'"],
      [
        { type: "CNAME", ttl: 60, records: ["a.example.net", "b.example.net"] },
        "records: a CNAME record has exactly one value (given: 2)",
      ],
      [{ type: "A", ttl: -1, records: ["192.0.2.1"] }, "ttl: -1 is out of range; allowed: 0 to 2147483647"],
      [
        { type: "A", ttl: 60, records: ["192.0.2.1"], weightedRoutingPolicies: [{ weight: 1 }] },
        "type: weightedRoutingPolicies needs a setIdentifier",
      ],
      [
        {
          type: "A",
          ttl: 60,
          records: ["192.0.2.1"],
          setIdentifier: "a",
          weightedRoutingPolicies: [{ weight: 1 }],
          latencyRoutingPolicies: [{ region: "eu-central-1" }],
        },
        "type: only one routing policy may be given (given: latencyRoutingPolicies, weightedRoutingPolicies)",
      ],
    ] as readonly [Props, string][]) {
      it(JSON.stringify(inputs).slice(0, 100), () => {
        assert.deepEqual(faults(inputs), [fault]);
      });
    }

    it("values of CAA and SRV that are not in order", () => {
      for (const [kind, good, bad] of [
        ["CAA", '0 issue "amazon.com"', "0 issue amazon.com"],
        ["CAA", '128 iodef "mailto:ops@example.org"', '256 issue "amazon.com"'],
        ["SRV", "10 5 5060 sip.example.org", "10 5 sip.example.org"],
      ] as const) {
        assert.deepEqual(faults({ type: kind, ttl: 60, records: [good] }), []);
        assert.equal(faults({ type: kind, ttl: 60, records: [bad] }).length, 1, bad);
      }
    });
  });

  it("take values that a preview cannot know yet", () => {
    assert.deepEqual(faults({ type: "A", ttl: 60, records: [UNKNOWN] }), []);
    assert.deepEqual(faults({ type: "CNAME", ttl: 60, records: UNKNOWN }), []);
  });

  describe("cannot stand", () => {
    it("twice, unless the second takes the first one's place", async () => {
      const first = await names.record(zone, "www", "A", ["192.0.2.1"]);
      await refused(
        names.record(zone, "www.example.org", "A", ["192.0.2.2"]),
        "InvalidChangeBatch",
        "[Tried to create resource record set [name='www.example.org.', type='A'] but it already exists]",
      );
      const second = await names.record(zone, "www", "A", ["192.0.2.2"], { allowOverwrite: true });
      assert.equal(second.id, first.id);
      assert.deepEqual(
        names.cloud.world.all(type.record).map(({ inputs }) => inputs["records"]),
        [["192.0.2.2"]],
      );
    });

    it("as a CNAME at the zone's own name", async () => {
      await refused(
        names.record(zone, "", "CNAME", ["shop.example.net"]),
        "InvalidChangeBatch",
        "[RRSet of type CNAME with DNS name example.org. is not permitted at apex in zone example.org.]",
      );
    });

    it("as a CNAME beside other records, nor beside a CNAME", async () => {
      await names.record(zone, "www", "A", ["192.0.2.1"]);
      await refused(
        names.record(zone, "www", "CNAME", ["shop.example.net"]),
        "InvalidChangeBatch",
        "[RRSet of type CNAME with DNS name www.example.org. is not permitted as it conflicts with other records with the same DNS name in zone example.org.]",
      );
      await names.record(zone, "api", "CNAME", ["shop.example.net"]);
      await refused(
        names.record(zone, "api", "TXT", ["text"]),
        "InvalidChangeBatch",
        "[RRSet of type TXT with DNS name api.example.org. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.org.]",
      );
    });

    it("over the name servers and authority that a zone is born with, unless they say so", async () => {
      const make = (more: Props = {}) => names.record(zone, "example.org", "NS", ["ns1.example.net"], more);
      await refused(make(), "InvalidChangeBatch", /name='example.org.', type='NS'\] but it already exists/);
      await make({ allowOverwrite: true });
    });

    it("with a set beside one without, nor beside another routing", async () => {
      const set = (setIdentifier: string, routing: Props) =>
        names.record(zone, "www", "A", ["192.0.2.1"], { setIdentifier, ...routing });
      await set("blue", { weightedRoutingPolicies: [{ weight: 90 }] });
      await set("green", { weightedRoutingPolicies: [{ weight: 10 }] });
      await refused(
        names.record(zone, "www", "A", ["192.0.2.1"]),
        "InvalidChangeBatch",
        "[RRSet with DNS name www.example.org., type A cannot be created as other RRSets exist with the same name and type.]",
      );
      await refused(
        set("far", { latencyRoutingPolicies: [{ region: "us-east-1" }] }),
        "InvalidChangeBatch",
        /SetIdentifier far cannot be created as other RRSets exist with the same name and type but another routing policy/,
      );
    });
  });

  describe("are aliases", () => {
    const [BALANCER, DISTRIBUTION] = ["web-1.eu-central-1.elb.amazonaws.com", "d111111abcdef8.cloudfront.net"];
    beforeEach(() => {
      names.stands("aws:lb/loadBalancer:LoadBalancer", "web", { dnsName: BALANCER });
      names.stands("aws:cloudfront/distribution:Distribution", "E1", { domainName: DISTRIBUTION });
    });

    it("of a load balancer or a distribution that stands, in the zone where AWS keeps its name", async () => {
      await names.alias(zone, "", { name: DISTRIBUTION, zoneId: CLOUDFRONT });
      await names.alias(zone, "api", { name: BALANCER, zoneId: FRANKFURT });
      await names.alias(zone, "app", { name: `dualstack.${BALANCER}.`, zoneId: FRANKFURT });
    });

    it("of none that is not there", async () => {
      for (const [target, zoneId] of [
        ["web-2.eu-central-1.elb.amazonaws.com", FRANKFURT],
        ["d222222abcdef8.cloudfront.net", CLOUDFRONT],
      ] as const) {
        await refused(
          names.alias(zone, "www", { name: target, zoneId }),
          "InvalidChangeBatch",
          `[Tried to create an alias that targets ${target}., type A in zone ${zoneId}, but that target was not found]`,
        );
      }
    });

    it("of nothing that lies elsewhere", async () => {
      const tried = (target: string, zoneId: string): string =>
        `[Tried to create an alias that targets ${target}., type A in zone ${zoneId}, but the alias target name does not lie within the target zone]`;
      for (const [target, zoneId] of [
        ["shop.example.net", FRANKFURT],
        [DISTRIBUTION, FRANKFURT],
        [BALANCER, CLOUDFRONT],
        // The zone of load balancers in another region.
        [BALANCER, "Z35SXDOTRQ7X7K"],
        ["shop.example.net", zone.id],
      ] as const)
        await refused(names.alias(zone, "www", { name: target, zoneId }), "InvalidChangeBatch", tried(target, zoneId));
    });

    it("of a record of their zone that exists, of the same type", async () => {
      const words = `[Tried to create an alias that targets web.example.org., type A in zone ${zone.id}, but that target was not found]`;
      await refused(names.alias(zone, "www", { name: "web.example.org", zoneId: zone.id }), "InvalidChangeBatch", words);
      await names.record(zone, "web", "A", ["192.0.2.1"]);
      await names.alias(zone, "www", { name: "web.example.org", zoneId: zone.id });
    });
  });

  describe("change", () => {
    it("in place, but for their name and zone", () => {
      const before = { zoneId: zone.id, name: "www", type: "A", ttl: 300, records: ["192.0.2.1"] };
      const { changes } = names.stack.engine.diff(type.record, before, {
        ...before,
        type: "CNAME",
        ttl: 60,
        records: ["shop.example.net"],
      });
      assert.deepEqual(
        changes.filter(({ replace }) => replace),
        [],
      );
      const renamed = names.stack.engine.diff(type.record, before, { ...before, name: "web" });
      assert.deepEqual(renamed.changes, [{ path: "name", kind: "update", replace: true }]);
    });

    it("into another type, which leaves their old place free", async () => {
      const record = await names.record(zone, "www", "A", ["192.0.2.1"]);
      const changed = await names.stack.update(record, "r", {
        zoneId: zone.id,
        name: "www",
        type: "TXT",
        ttl: 300,
        records: ["moved"],
      });
      assert.equal(changed.id, record.id);
      const other = await names.record(zone, "www", "A", ["192.0.2.2"]);
      assert.notEqual(other.id, record.id);
      assert.equal(names.cloud.world.all(type.record).length, 2);
    });

    it("into nothing that their neighbours forbid", async () => {
      const record = await names.record(zone, "www", "A", ["192.0.2.1"]);
      await names.record(zone, "www", "TXT", ["text"]);
      await refused(
        names.stack.update(record, "r", { zoneId: zone.id, name: "www", type: "CNAME", ttl: 300, records: ["shop.example.net"] }),
        "InvalidChangeBatch",
        /conflicts with other records/,
      );
    });
  });
});
