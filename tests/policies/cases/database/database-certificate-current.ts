import rule from "../../../../policies/rules/database/database-certificate-current.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance"];

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s with an authority of today", (type) => ({
      given: [type, { caCertIdentifier: "rds-ca-rsa2048-g1" }],
    })),
    ...forEach(TYPES, "a %s that leaves it to AWS", (type) => ({ given: [type, {}] })),
  },
  fails: forEach(TYPES, "a %s with one that has expired", (type) => ({
    given: [type, { caCertIdentifier: "rds-ca-2019" }],
    says: 'caCertIdentifier is "rds-ca-2019"; it must be none of "rds-ca-2015", "rds-ca-2019".',
  })),
  unknown: {
    "an authority that is chosen later": { given: [TYPES[0] ?? "", { caCertIdentifier: UNKNOWN }], open: "caCertIdentifier" },
  },
  survives: { "caCertIdentifier: *": "any other authority, or the one that AWS chooses" },
});
