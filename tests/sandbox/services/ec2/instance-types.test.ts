import assert from "node:assert/strict";
import {
  architectureOf,
  instanceTypeFault,
  isBurstable,
  memoryGibOf,
  processorsOf,
  threadsPerCore,
} from "../../../../sandbox/src/services/ec2/instance-types.ts";

describe("instance types of the sandbox", () => {
  for (const [type, architecture, processors, threads] of [
    ["t2.micro", "x86_64", 1, 1],
    ["t2.medium", "x86_64", 2, 1],
    ["t3.nano", "x86_64", 2, 2],
    ["t3a.xlarge", "x86_64", 4, 2],
    ["t4g.nano", "arm64", 2, 1],
    ["m5.large", "x86_64", 2, 2],
    ["c5.9xlarge", "x86_64", 36, 2],
    ["m5.metal", "x86_64", 96, 2],
    ["m6a.48xlarge", "x86_64", 192, 2],
    ["m7a.medium", "x86_64", 1, 1],
    ["c7g.medium", "arm64", 1, 1],
    ["c7gd.16xlarge", "arm64", 64, 1],
    ["r8g.metal-24xl", "arm64", 96, 1],
    ["m7i-flex.large", "x86_64", 2, 2],
    ["g5g.xlarge", "arm64", 4, 1],
    ["g5.xlarge", "x86_64", 4, 2],
  ] as const) {
    it(`know that ${type} is ${architecture} with ${processors} processors, ${threads} to a core`, () => {
      assert.deepEqual(
        [instanceTypeFault(type), architectureOf(type), processorsOf(type), threadsPerCore(type)],
        [undefined, architecture, processors, threads],
      );
    });
  }

  for (const [type, gib] of [
    ["t4g.nano", 0.5],
    ["t2.small", 2],
    ["t3.2xlarge", 32],
    ["c7g.large", 4],
    ["c5n.large", 5.25],
    ["c5n.18xlarge", 192],
    ["m5.metal", 384],
    ["m7i-flex.large", 8],
    ["r8g.large", 16],
    ["x8g.medium", 16],
    ["i4i.xlarge", 32],
    ["g5.xlarge", 16],
    ["g5g.xlarge", 8],
    ["g6e.xlarge", 32],
  ] as const) {
    it(`know that ${type} has ${String(gib)} GiB`, () => {
      assert.equal(memoryGibOf(type), gib);
    });
  }

  it("refuse a size that the family does not have, and name those that it has", () => {
    assert.equal(
      instanceTypeFault("m5.9xlarge"),
      "Invalid value 'm5.9xlarge' for InstanceType. The sizes of m5 are large, xlarge, 2xlarge, 4xlarge, 8xlarge, 12xlarge, 16xlarge, 24xlarge, metal",
    );
  });

  it("refuse what is no type, and name the nearest", () => {
    for (const [given, nearest] of [
      ["t4h.small", "t4g.small"],
      ["small", "t2.small"],
      ["", "t2.nano"],
    ] as const)
      assert.match(
        instanceTypeFault(given) ?? "",
        new RegExp(`^Invalid value '${given}' for InstanceType. Did you mean ${nearest}\\?`),
      );
  });

  it("know which of them earn credits", () => {
    assert.deepEqual(["t3.small", "t4g.nano", "m8g.medium"].map(isBurstable), [true, true, false]);
  });
});
