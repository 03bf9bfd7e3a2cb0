import rule from "../../../../policies/rules/compute/server-group-several-types.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const GROUP = "aws:autoscaling/group:Group";
const of = (overrides: unknown): readonly [string, Record<string, unknown>] => [
  GROUP,
  { mixedInstancesPolicy: { launchTemplate: { overrides } } },
];
const REFUSED = "AWS refuses what is no machine type, and what asks for nothing";

export default casesOf(rule, {
  passes: {
    "a group of two types": { given: of([{ instanceType: "m7g.large" }, { instanceType: "m6g.large" }]) },
    "a group of whatever is large enough": { given: of([{ instanceRequirements: { vcpuCount: { min: 2 } } }]) },
  },
  fails: {
    "a group of one": {
      given: of([{ instanceType: "m7g.large" }]),
      says: "the group has one machine type; mixedInstancesPolicy must name at least 2.",
    },
    "a group that says nothing of it": {
      given: [GROUP, {}],
      says: "the group has one machine type; mixedInstancesPolicy must name at least 2.",
    },
  },
  unknown: {
    "types that are not known": {
      given: of(UNKNOWN),
      open: "mixedInstancesPolicy.launchTemplate.overrides",
    },
  },
  survives: { "*overrides[*]*: *": REFUSED },
});
