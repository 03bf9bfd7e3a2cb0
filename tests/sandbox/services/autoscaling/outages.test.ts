import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { interrupt } from "../../../../sandbox/src/services/autoscaling/spot.ts";
import { switchOff, switchOn } from "../../../../sandbox/src/services/ec2/outages.ts";
import { refused } from "../../support/refused.ts";
import { AsgFixture, type } from "./support.ts";

const ZONE_A = { zone: "eu-central-1a" };

describe("an outage", () => {
  let asg: AsgFixture;
  let subnets: Resource[];
  let template: Resource;
  beforeEach(async () => {
    asg = new AsgFixture();
    await asg.withImage();
    ({ subnets } = await asg.three());
    template = await asg.template("one");
  });
  afterEach(() => asg.end());

  const labels = (group: Resource): Promise<string[]> => Promise.all(asg.inService(group).map((id) => asg.label(id)));

  it("of an instance makes its group start another one at once", async () => {
    const group = await asg.servers(template, subnets, { desiredCapacity: 2 });
    const [first = "", second = ""] = asg.inService(group);
    await switchOff(asg.cloud, { instance: first });
    await asg.seconds(2);
    assert.ok(asg.inService(group).includes(second) && !asg.inService(group).includes(first));
    assert.deepEqual(await labels(group), ["one", "one"]);
  });

  it("of an instance that stands alone lasts until it is lifted", async () => {
    const [subnet] = subnets;
    assert.ok(subnet);
    const server = await asg.server(subnet, "alone");
    await switchOff(asg.cloud, { instance: server.id });
    await assert.rejects(asg.label(server.id));
    await switchOn(asg.cloud, { instance: server.id });
    assert.equal(await asg.label(server.id), "alone");
    await refused(
      switchOff(asg.cloud, { instance: "i-0" }),
      "InvalidInstanceID.NotFound",
      "The instance ID 'i-0' does not exist",
    );
  });

  it("of a zone takes its instances away, and they are started in the others", async () => {
    const group = await asg.servers(template, subnets, { desiredCapacity: 3 });
    assert.equal(asg.zonesOf(group), "abc");
    await switchOff(asg.cloud, ZONE_A);
    await asg.seconds(2);
    assert.match(asg.zonesOf(group), /^(bbc|bcc)$/);
    assert.deepEqual(await labels(group), ["one", "one", "one"]);
  });

  it("of a zone is evened out when it is over, and never are there fewer instances meanwhile", async () => {
    const group = await asg.servers(template, subnets.slice(0, 2), { desiredCapacity: 2 });
    await switchOff(asg.cloud, ZONE_A);
    await asg.seconds(2);
    assert.equal(asg.zonesOf(group), "bb");
    await switchOn(asg.cloud, ZONE_A);
    for (let second = 0; second < 5; second++) {
      await asg.seconds(1);
      assert.ok(asg.inService(group).length >= 2);
    }
    assert.equal(asg.zonesOf(group), "ab");
  });

  it("of every zone leaves the group without servers, and it says why", async () => {
    const [subnet] = subnets;
    assert.ok(subnet);
    const group = await asg.servers(template, [subnet]);
    await switchOff(asg.cloud, ZONE_A);
    await asg.seconds(2);
    assert.deepEqual(asg.inService(group), []);
    assert.ok(
      asg.cloud.notes.some((note) =>
        note.endsWith(
          "Failed: We currently do not have sufficient t4g.small capacity in the Availability Zone you requested (eu-central-1a). Launching EC2 instance failed.",
        ),
      ),
    );
    await switchOn(asg.cloud, ZONE_A);
    await asg.seconds(16);
    assert.deepEqual(await labels(group), ["one"]);
  });

  it("of a zone lets nobody launch an instance there", async () => {
    const [subnet] = subnets;
    assert.ok(subnet);
    await switchOff(asg.cloud, ZONE_A);
    await refused(asg.server(subnet, "late"), "InsufficientInstanceCapacity");
  });

  describe("of Spot capacity", () => {
    const mixed = (inputs: Props = {}): Promise<Resource> => {
      const { launchTemplate: _none, ...rest } = asg.inputs(template, subnets, { desiredCapacity: 2, ...inputs });
      return asg.create(type.servers, {
        ...rest,
        mixedInstancesPolicy: {
          instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 },
          launchTemplate: { launchTemplateSpecification: { launchTemplateId: template.id, version: "1" } },
        },
      });
    };
    const spotOf = (group: Resource): string => asg.members(group).find(({ market }) => market === "spot")?.id ?? "";

    it("ends an instance two minutes after its notice, and the group starts another one", async () => {
      const group = await mixed();
      const spot = spotOf(group);
      assert.equal(asg.instance(spot).outputs["instanceLifecycle"], "spot");
      interrupt(asg.cloud, spot);
      await asg.seconds(110);
      assert.equal(spotOf(group), spot);
      await asg.seconds(15);
      assert.notEqual(spotOf(group), spot);
      assert.deepEqual(await labels(group), ["one", "one"]);
      assert.ok(asg.causes(group).includes("an instance was taken out of service in response to an EC2 Spot interruption."));
    });

    it("is foreseen where the group rebalances its capacity: another one comes first", async () => {
      const group = await mixed({ capacityRebalance: true });
      const spot = spotOf(group);
      interrupt(asg.cloud, spot);
      asg.fleet.look();
      await asg.fleet.settled();
      assert.equal(asg.members(group).length, 3);
      await asg.seconds(3);
      assert.equal(asg.inService(group).length, 2);
      assert.ok(!asg.inService(group).includes(spot));
    });

    it("does not touch what is no Spot instance", async () => {
      const group = await mixed();
      const own = asg.members(group).find(({ market }) => market === "on-demand")?.id ?? "";
      assert.throws(
        () => {
          interrupt(asg.cloud, own);
        },
        { message: `The instance ${own} is no Spot instance: EC2 does not take it back` },
      );
      assert.throws(
        () => {
          interrupt(asg.cloud, "i-0");
        },
        { message: "No Auto Scaling group has an instance i-0" },
      );
    });
  });
});
