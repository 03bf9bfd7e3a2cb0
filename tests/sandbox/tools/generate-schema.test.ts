import assert from "node:assert/strict";
import { declarationFile, readSchemas } from "../../../sandbox/tools/generate-schema.ts";

describe("the schema generator", () => {
  it("reads kinds, lists, maps, nested objects and what is required from the provider's declarations", function () {
    this.timeout(60_000);
    const {
      "aws:ec2/subnet:Subnet": subnet,
      "aws:rds/cluster:Cluster": cluster,
      "random:index/randomPassword:RandomPassword": password,
    } = readSchemas(["aws:ec2/subnet:Subnet", "aws:rds/cluster:Cluster", "random:index/randomPassword:RandomPassword"]);
    assert.deepEqual(subnet?.required, ["vpcId"]);
    assert.equal(subnet.inputs["cidrBlock"], "string");
    assert.equal(subnet.inputs["mapPublicIpOnLaunch"], "boolean");
    assert.deepEqual(subnet.inputs["tags"], { map: "string" });
    assert.deepEqual(cluster?.inputs["vpcSecurityGroupIds"], { list: "string" });
    assert.equal(cluster.inputs["engine"], "string");
    assert.deepEqual(cluster.inputs["serverlessv2ScalingConfiguration"], {
      object: { maxCapacity: "number", minCapacity: "number", secondsUntilAutoPause: "number" },
      required: ["maxCapacity", "minCapacity"],
    });
    assert.ok(cluster.outputs.includes("readerEndpoint") && !cluster.outputs.includes("__pulumiType"));
    assert.deepEqual(password?.required, ["length"]);
  });

  it("refuses a type that the package does not have, by name", () => {
    assert.throws(() => declarationFile("aws:ec2/vcp:Vcp"), /@pulumi\/aws declares no type aws:ec2\/vcp:Vcp/);
  });
});
