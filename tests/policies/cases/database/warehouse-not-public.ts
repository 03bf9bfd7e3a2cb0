import rule from "../../../../policies/rules/database/warehouse-not-public.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:redshift/cluster:Cluster", "aws:redshiftserverless/workgroup:Workgroup"];

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s inside the VPC", (type) => ({
    given: [type, { publiclyAccessible: false, enhancedVpcRouting: true }],
  })),
  fails: {
    ...forEach(TYPES, "a %s with a public address", (type) => ({
      given: [type, { publiclyAccessible: true, enhancedVpcRouting: true }],
      says: "publiclyAccessible is true; it must be false.",
    })),
    ...forEach(TYPES, "a %s that loads over the internet", (type) => ({
      given: [type, {}],
      says: "enhancedVpcRouting is nothing; it must be true.",
    })),
  },
  unknown: {
    "an address of which it is decided later": {
      given: [TYPES[0] ?? "", { publiclyAccessible: UNKNOWN, enhancedVpcRouting: true }],
      open: "publiclyAccessible",
    },
  },
  survives: { "publiclyAccessible: left out": "a warehouse is private unless it is told otherwise" },
});
