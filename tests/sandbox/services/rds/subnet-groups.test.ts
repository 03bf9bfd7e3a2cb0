import assert from "node:assert/strict";
import { refused } from "../../support/refused.ts";
import { RdsFixture, type } from "./support.ts";

describe("subnet groups of the sandbox's databases", () => {
  let rds: RdsFixture;
  beforeEach(() => (rds = new RdsFixture()));
  afterEach(() => rds.end());

  it("span the zones of one VPC", async () => {
    const { vpc, subnetIds } = await rds.network();
    const group = await rds.make(type.subnetGroup, { name: "data", subnetIds });
    assert.equal(group.id, "data");
    assert.deepEqual(await rds.now(group), {
      name: "data",
      namePrefix: "",
      description: "Managed by Pulumi",
      subnetIds,
      vpcId: vpc.id,
      arn: "arn:aws:rds:eu-central-1:123456789012:subgrp:data",
      supportedNetworkTypes: ["IPV4"],
    });
  });

  it("need two zones at least", async () => {
    const { subnetIds } = await rds.network(["a", "a"]);
    await refused(
      rds.make(type.subnetGroup, { name: "data", subnetIds }),
      "DBSubnetGroupDoesNotCoverEnoughAZs",
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: eu-central-1a. Add subnets to cover at least 2 AZs.",
    );
  });

  it("take no subnet that is not there", async () => {
    const { subnetIds } = await rds.network(["a"]);
    await refused(
      rds.make(type.subnetGroup, { name: "data", subnetIds: [...subnetIds, "subnet-0123456789abcdef0"] }),
      "InvalidParameterValue",
      "Some input subnets in :[subnet-0123456789abcdef0] are invalid.",
    );
  });

  it("take no subnets of several VPCs", async () => {
    const [here, there] = [await rds.network(["a"]), await rds.network(["b"], "10.1")];
    const subnetIds = [...here.subnetIds, ...there.subnetIds];
    await refused(
      rds.make(type.subnetGroup, { name: "data", subnetIds }),
      "InvalidParameterValue",
      `Some input subnets in :[${subnetIds.join(", ")}] are invalid. They are in different VPCs: ${here.vpc.id}, ${there.vpc.id}.`,
    );
  });

  it("have a name of their own in the region", async () => {
    const { subnetIds } = await rds.network();
    await rds.make(type.subnetGroup, { name: "data", subnetIds });
    await refused(
      rds.make(type.subnetGroup, { name: "data", subnetIds }),
      "DBSubnetGroupAlreadyExists",
      "The DB subnet group 'data' already exists.",
    );
  });

  for (const [name, reason] of [
    ["Data", 'only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed in "name"'],
    ["a".repeat(256), '"name" cannot be longer than 255 characters'],
    ["default", '"Default" is not allowed as "name"'],
  ] as const) {
    it(`are not called ${name.length > 20 ? "by a name of 256 letters" : name}`, () => {
      assert.deepEqual(rds.faults(type.subnetGroup, { name, subnetIds: [] }), [`name: ${reason}`]);
    });
  }

  it("may have other subnets later, of the same VPC", async () => {
    const [here, there] = [await rds.network(), await rds.network(["a", "b"], "10.1")];
    const group = await rds.make(type.subnetGroup, { name: "data", subnetIds: here.subnetIds.slice(0, 2) });
    await rds.stack.update(group, "g", { name: "data", subnetIds: here.subnetIds.slice(1) });
    assert.deepEqual((await rds.now(group))["subnetIds"], here.subnetIds.slice(1));
    await refused(
      rds.stack.update(group, "g", { name: "data", subnetIds: there.subnetIds }),
      "InvalidParameterValue",
      "The new Subnets are not in the same Vpc as the existing subnet group",
    );
  });

  it("keep their subnets from being deleted", async () => {
    const { subnetIds } = await rds.network();
    const group = await rds.make(type.subnetGroup, { name: "data", subnetIds });
    const subnet = rds.cloud.world.get(type.subnet, subnetIds[0] ?? "");
    assert.ok(subnet);
    await refused(rds.delete(subnet), "DependencyViolation", `The subnet '${subnet.id}' has dependencies and cannot be deleted.`);
    await rds.delete(group);
    await rds.delete(subnet);
  });
});
