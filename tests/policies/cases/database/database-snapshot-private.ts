import rule from "../../../../policies/rules/database/database-snapshot-private.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:rds/clusterSnapshot:ClusterSnapshot", "aws:rds/snapshot:Snapshot"];

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s for one account", (type) => ({ given: [type, { sharedAccounts: ["123456789012"] }] })),
    ...forEach(TYPES, "a %s for nobody else", (type) => ({ given: [type, {}] })),
  },
  fails: forEach(TYPES, "a %s for everyone", (type) => ({
    given: [type, { sharedAccounts: ["123456789012", "all"] }],
    says: 'sharedAccounts[1] is "all"; it must be an account.',
  })),
  unknown: {
    "accounts that are not known, beside everyone": {
      given: ["aws:rds/snapshot:Snapshot", { sharedAccounts: [UNKNOWN, "all"] }],
      open: "sharedAccounts[0]",
      says: 'sharedAccounts[1] is "all"; it must be an account.',
    },
  },
  survives: { "sharedAccounts*": "fewer accounts or another one" },
});
