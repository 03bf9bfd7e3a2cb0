import rule from "../../../../policies/rules/storage/access-point-closed-to-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const POINT = "aws:s3/accessPoint:AccessPoint";
const locks = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

export default casesOf(rule, {
  passes: {
    "an access point with its locks": { given: [POINT, { publicAccessBlockConfiguration: locks }] },
    "an access point that says nothing of them": { given: [POINT, {}] },
  },
  fails: {
    "an access point with a lock open": {
      given: [POINT, { publicAccessBlockConfiguration: { ...locks, blockPublicPolicy: false } }],
      says: "publicAccessBlockConfiguration.blockPublicPolicy is false; it must be true.",
    },
  },
  unknown: {
    "locks that are not known": {
      given: [POINT, { publicAccessBlockConfiguration: UNKNOWN }],
      open: "publicAccessBlockConfiguration",
    },
  },
  survives: {
    "publicAccessBlockConfiguration*: left out": "the locks are on unless they are told otherwise",
    "publicAccessBlockConfiguration: empty": "the locks are on unless they are told otherwise",
  },
});
