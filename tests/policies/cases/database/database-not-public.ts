import rule from "../../../../policies/rules/database/database-not-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const INSTANCE = "aws:rds/instance:Instance";
const MEMBER = "aws:rds/clusterInstance:ClusterInstance";
const LEFT_OUT = "a database is private unless it is told otherwise";

export default casesOf(rule, {
  passes: {
    "an instance without a public address": { given: [INSTANCE, { publiclyAccessible: false }] },
    "a member of a cluster without a public address": { given: [MEMBER, { publiclyAccessible: false }] },
    "one that says nothing of it": { given: [INSTANCE, {}] },
  },
  fails: {
    "an instance with a public address": {
      given: [INSTANCE, { publiclyAccessible: true }],
      says: "publiclyAccessible is true; it must be false.",
    },
    "a member of a cluster with a public address": {
      given: [MEMBER, { publiclyAccessible: true }],
      says: "publiclyAccessible is true; it must be false.",
    },
  },
  unknown: {
    "one whose address is decided later": { given: [INSTANCE, { publiclyAccessible: UNKNOWN }], open: "publiclyAccessible" },
  },
  survives: { "publiclyAccessible: left out": LEFT_OUT },
});
