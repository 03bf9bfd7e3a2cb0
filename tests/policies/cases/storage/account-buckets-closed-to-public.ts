import rule from "../../../../policies/rules/storage/account-buckets-closed-to-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const locks = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

export default casesOf(rule, {
  passes: { "all four locks": { given: [BLOCK, locks] } },
  fails: {
    "one lock open": {
      given: [BLOCK, { ...locks, ignorePublicAcls: false }],
      says: "ignorePublicAcls is false; it must be true.",
    },
    "no lock at all": {
      given: [BLOCK, {}],
      says: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map(
        (lock) => `${lock} is nothing; it must be true.`,
      ),
    },
  },
  unknown: {
    "one lock that is not known beside one that is open": {
      given: [BLOCK, { ...locks, blockPublicAcls: UNKNOWN, blockPublicPolicy: false }],
      open: "blockPublicAcls",
      says: "blockPublicPolicy is false; it must be true.",
    },
  },
});
