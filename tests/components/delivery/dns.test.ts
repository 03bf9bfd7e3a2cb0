import assert from "node:assert/strict";
import { Dns, type DnsArgs } from "../../../components/index.ts";
import { only, record } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";

const domain = "shop.example.com";
const zoneId = "Z0123456789ABCDEFGHIJ";
const alias = { name: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" };

const dns = (target: Omit<DnsArgs, "domain" | "zoneId">) => record(() => new Dns("name", { domain, zoneId, ...target }));

describe("Dns", () => {
  it("leads to an address, which resolvers may remember for a minute", async () => {
    const resources = await dns({ address: "203.0.113.10" });
    assert.deepEqual(only(resources, "name-address").inputs, {
      zoneId,
      name: domain,
      type: "A",
      ttl: 60,
      records: ["203.0.113.10"],
    });
    assert.equal(resources.length, 2);
  });

  it("leads to a load balancer or a distribution", async () => {
    assert.deepEqual(only(await dns({ alias }), "name-address").inputs, {
      zoneId,
      name: domain,
      type: "A",
      aliases: [{ ...alias, evaluateTargetHealth: false }],
    });
  });

  it("moves from an address to an alias as the same record: neither its identity nor what replaces it changes", async () => {
    const [before, after] = [await dns({ address: "203.0.113.10" }), await dns({ alias })];
    assert.deepEqual(after.map(identity), before.map(identity));
    // The provider replaces a record when one of these changes; everything else is an update.
    for (const input of ["name", "type", "zoneId"])
      assert.equal(only(after, "name-address").inputs[input], only(before, "name-address").inputs[input]);
  });

  it("leads to an alias by IPv6 as well, when asked", async () => {
    const { inputs } = only(await dns({ alias, ipv6: true }), "name-address6");
    assert.deepEqual(inputs, {
      zoneId,
      name: domain,
      type: "AAAA",
      aliases: [{ ...alias, evaluateTargetHealth: false }],
    });
  });

  it("refuses to lead to two things, to none, and to an IPv4 address by IPv6", async () => {
    const refusal = (words: string) => new RangeError(`Dns "name": ${words}`);
    await assert.rejects(
      dns({ address: "203.0.113.10", alias }),
      refusal("both of address and alias are given; allowed: one of them"),
    );
    await assert.rejects(dns({}), refusal("neither of address and alias are given; allowed: one of them"));
    await assert.rejects(
      dns({ address: "203.0.113.10", ipv6: true }),
      refusal("ipv6 is true and the name leads to an IPv4 address; allowed: with alias only"),
    );
  });
});
