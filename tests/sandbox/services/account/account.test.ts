import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { CloudEngine } from "../../../../sandbox/src/core/engine.ts";
import { accountFunctions } from "../../../../sandbox/src/services/account/index.ts";
import { regionNames, zonesOf } from "../../../../sandbox/src/services/account/zones.ts";
import { testCloud, type TestCloud } from "../../support/cloud.ts";

describe("what the sandbox's account can be asked", () => {
  let cloud: TestCloud;
  let engine: CloudEngine;
  beforeEach(() => {
    cloud = testCloud();
    engine = new CloudEngine(cloud, [], {}, { functions: accountFunctions });
  });
  afterEach(() => cloud.end());

  const ask = (name: string, args: Props = {}): Props => {
    const token = `aws:index/${name}:${name}`;
    return engine.invoke(token, args, "eu-central-1");
  };
  const unknown = { code: "InvalidRegion", message: /^no matching AWS Region found for eu-middle-1; known: af-south-1, / };

  it("who is calling: its operator", () => {
    assert.deepEqual(ask("getCallerIdentity"), {
      accountId: "123456789012",
      arn: "arn:aws:iam::123456789012:user/sandbox",
      id: "123456789012",
      userId: "AIDASANDBOX0000000000",
    });
  });

  it("which partition it is in", () => {
    const { dnsSuffix, partition } = ask("getPartition");
    assert.deepEqual([dnsSuffix, partition], ["amazonaws.com", "aws"]);
  });

  describe("about a region", () => {
    it("by the provider's own, by name, or by endpoint", () => {
      const frankfurt = {
        description: "Europe (Frankfurt)",
        endpoint: "ec2.eu-central-1.amazonaws.com",
        id: "eu-central-1",
        name: "eu-central-1",
        region: "eu-central-1",
      };
      assert.deepEqual(ask("getRegion"), frankfurt);
      assert.equal(ask("getRegion", { region: "us-east-1" })["description"], "US East (N. Virginia)");
      assert.equal(ask("getRegion", { name: "us-west-2" })["description"], "US West (Oregon)");
      assert.equal(ask("getRegion", { endpoint: "ec2.eu-west-1.amazonaws.com" })["description"], "Europe (Ireland)");
    });

    it("that does not exist: never", () => {
      assert.throws(() => ask("getRegion", { region: "eu-middle-1" }), unknown);
      assert.throws(() => ask("getAvailabilityZones", { region: "eu-middle-1" }), unknown);
    });
  });

  describe("about its zones", () => {
    it("by name and id, in the order of their letters", () => {
      const { names, zoneIds, id } = ask("getAvailabilityZones");
      assert.deepEqual(names, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
      assert.deepEqual([zoneIds, id], [["euc1-az1", "euc1-az2", "euc1-az3"], "eu-central-1"]);
      assert.deepEqual(ask("getAvailabilityZones", { region: "us-west-1" })["names"], ["us-west-1a", "us-west-1c"]);
    });

    it("without those that are excluded, and those that a filter leaves", () => {
      const names = (args: Props): unknown => ask("getAvailabilityZones", args)["names"];
      assert.deepEqual(names({ excludeNames: ["eu-central-1a"], excludeZoneIds: ["euc1-az2"] }), ["eu-central-1c"]);
      assert.deepEqual(names({ filters: [{ name: "zone-id", values: ["euc1-az2"] }] }), ["eu-central-1b"]);
      assert.deepEqual(names({ filters: [{ name: "opt-in-status", values: ["opted-in"] }] }), []);
      assert.deepEqual(names({ state: "available" }), ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
      assert.deepEqual(names({ state: "impaired" }), []);
    });

    it("by a filter that there is", () => {
      assert.throws(() => ask("getAvailabilityZones", { filters: [{ name: "zone", values: ["a"] }] }), {
        code: "InvalidParameterValue",
        message: "The filter 'zone' is invalid",
      });
    });

    it("of every region that it knows: at least two, each with a name and an id of its own", () => {
      const zones = regionNames.flatMap(zonesOf);
      for (const region of regionNames) assert.ok(zonesOf(region).length >= 2, region);
      for (const property of ["name", "id"] as const)
        assert.equal(new Set(zones.map((zone) => zone[property])).size, zones.length, property);
    });
  });

  it("nothing else, and the nearest is named", () => {
    assert.throws(() => ask("getRegions"), {
      code: "UnsupportedFunction",
      message:
        "the sandbox does not serve aws:index/getRegions:getRegions. The nearest that it serves is aws:index/getRegion:getRegion.",
    });
  });
});
