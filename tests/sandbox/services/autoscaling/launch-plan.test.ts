import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { nextPlace, nextToEnd } from "../../../../sandbox/src/services/autoscaling/balance.ts";
import { launchPlan, nextLaunch, plentyOf } from "../../../../sandbox/src/services/autoscaling/launch-plan.ts";
import type { Market, Member } from "../../../../sandbox/src/services/autoscaling/members.ts";

/** An instance of a group; what is not given is of no interest. */
function member(ordinal: number, changes: Partial<Member> = {}): Member {
  return {
    id: `i-${ordinal}`,
    state: "InService",
    zone: "eu-central-1a",
    subnet: "subnet-a",
    type: "t4g.small",
    weight: 1,
    market: "on-demand",
    template: "lt-1",
    version: "1",
    ordinal,
    launchedAt: 0,
    inServiceAt: 0,
    readyAt: 0,
    failingSince: null,
    isProtected: false,
    isHealthy: true,
    isSurge: false,
    replaces: "",
    interruptedAt: null,
    refresh: "",
    activity: "",
    waits: [],
    ...changes,
  };
}

/** What a policy launches one after the other, each as `market type`. */
function launches(distribution: Props, types: readonly string[], count: number): string[] {
  const launchTemplateSpecification = { launchTemplateId: "lt-1", version: "1" };
  const overrides = types.map((instanceType) => ({ instanceType }));
  const policy = { instancesDistribution: distribution, launchTemplate: { launchTemplateSpecification, overrides } };
  const plan = launchPlan({ mixedInstancesPolicy: policy });
  const made: Member[] = [];
  for (let number = 1; number <= count; number++) {
    const { market, option } = nextLaunch(plan, made);
    made.push(member(number, { market, type: option.type ?? "" }));
  }
  return made.map(({ market, type }) => `${market} ${type}`);
}

describe("what a group launches next", () => {
  it("is on demand, of the type that stands first, unless the policy says otherwise", () => {
    assert.deepEqual(launches({}, ["c7g.large", "t4g.small"], 2), ["on-demand c7g.large", "on-demand c7g.large"]);
  });

  it("is on demand up to the base, and then in the share that the policy says, rounded up", () => {
    const distribution = {
      onDemandBaseCapacity: 2,
      onDemandPercentageAboveBaseCapacity: 25,
      spotAllocationStrategy: "price-capacity-optimized",
    };
    const markets = launches(distribution, ["t4g.small"], 7).map((line) => line.split(" ")[0]);
    assert.deepEqual(markets, ["on-demand", "on-demand", "on-demand", "spot", "spot", "spot", "on-demand"]);
  });

  it("is spread over the cheapest types where Spot instances are to have the lowest price", () => {
    const distribution = { onDemandPercentageAboveBaseCapacity: 0, spotInstancePools: 2 };
    assert.deepEqual(launches(distribution, ["t4g.xlarge", "t4g.medium", "t4g.small"], 4), [
      "spot t4g.small",
      "spot t4g.medium",
      "spot t4g.small",
      "spot t4g.medium",
    ]);
  });

  it("is the smallest type where on-demand instances are to have the lowest price", () => {
    assert.deepEqual(launches({ onDemandAllocationStrategy: "lowest-price" }, ["c7g.large", "t4g.small"], 1), [
      "on-demand t4g.small",
    ]);
  });

  it("counts for as much as the override weighs, and comes of the override's own template", () => {
    const launchTemplateSpecification = { launchTemplateName: "web", version: "$Latest" };
    const own = { launchTemplateId: "lt-arm", version: "3" };
    const overrides = [
      { instanceType: "t4g.large", weightedCapacity: "2", launchTemplateSpecification: own },
      { instanceType: "t3.small" },
    ];
    const { options } = launchPlan({ mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification, overrides } } });
    assert.deepEqual(options, [
      { type: "t4g.large", weight: 2, template: { id: "lt-arm", version: "3" } },
      { type: "t3.small", weight: 1, template: { name: "web", version: "$Latest" } },
    ]);
  });

  it("stands where the fewest are: by zone first, and then by subnet", () => {
    const places = [
      { subnet: "subnet-a", zone: "a" },
      { subnet: "subnet-a2", zone: "a" },
      { subnet: "subnet-b", zone: "b" },
    ];
    const made: { zone: string; subnet: string }[] = [];
    for (let count = 0; count < 4; count++) made.push(nextPlace(places, made) ?? { subnet: "", zone: "" });
    assert.deepEqual(
      made.map(({ subnet }) => subnet),
      ["subnet-a", "subnet-b", "subnet-a2", "subnet-b"],
    );
    assert.equal(nextPlace([], []), undefined);
  });
});

describe("which instance a smaller group ends next", () => {
  const [a1, a2, b3] = [member(1, { version: "2" }), member(2, { version: "1" }), member(3, { zone: "eu-central-1b" })];
  const ends = (policies: string[], members = [a1, a2, b3], plenty: Market = "on-demand"): string | undefined =>
    nextToEnd(members, policies, plenty)?.id;

  for (const [policies, id] of [
    [[], "i-2"],
    [["Default"], "i-2"],
    [["OldestInstance"], "i-1"],
    [["NewestInstance"], "i-2"],
    [["OldestLaunchTemplate"], "i-2"],
    [["OldestLaunchConfiguration", "OldestInstance"], "i-1"],
  ] as const)
    it(`is ${id}, in the zone that has most, with ${policies.join(", ") || "no policy"}`, () => {
      assert.equal(ends([...policies]), id);
    });

  it("is one that is paid for in the way of which there are too many", () => {
    const spot = member(4, { market: "spot", version: "2" });
    assert.equal(ends([], [a1, spot], "spot"), "i-4");
    assert.equal(ends(["AllocationStrategy"], [spot, a1], "on-demand"), "i-1");
    const plan = launchPlan({
      mixedInstancesPolicy: { instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 0 } },
    });
    assert.equal(plentyOf(plan, [a1, spot]), "spot");
    assert.equal(plentyOf(plan, [a1, a2, spot]), "on-demand");
  });

  it("is none that is protected, also where its zone has most", () => {
    const safe = { isProtected: true };
    assert.equal(ends([], [member(1, safe), member(2, safe), b3]), "i-3");
    assert.equal(ends([], [member(1, safe)]), undefined);
  });
});
