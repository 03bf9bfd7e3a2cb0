import rule from "../../../../policies/rules/storage/bucket-without-acls.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const CONTROLS = companion("BucketOwnershipControls");
const owned = (objectOwnership: unknown): object => ({ rule: { objectOwnership } });

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket whose owner decides": {
        given: { assets: [BUCKET, {}], owner: [CONTROLS, { bucket: ref("assets"), ...owned("BucketOwnerEnforced") }] },
      },
      "a bucket as new ones are": { given: { assets: [BUCKET, {}] } },
    },
    fails: {
      "a bucket whose writers decide": {
        given: { assets: [BUCKET, {}], owner: [CONTROLS, { bucket: ref("assets"), ...owned("ObjectWriter") }] },
        says: 'assets: rule.objectOwnership is "ObjectWriter"; it must be "BucketOwnerEnforced".',
      },
      "a bucket with an ACL and grants": {
        given: { assets: [BUCKET, { acl: "public-read", grants: [{ type: "Group" }] }] },
        says: [
          'assets: acl is "public-read"; it must be left out in favour of a policy.',
          'assets: grants is [{"type":"Group"}]; it must be left out in favour of a policy.',
        ],
      },
    },
    unknown: { "an ACL that is chosen later": { given: { assets: [BUCKET, { acl: UNKNOWN }] }, open: "assets: acl" } },
    survives: {
      "owner: left out": "a new bucket's owner decides by itself",
      "owner: bucket: left out": "a new bucket's owner decides by itself",
    },
  }),
);
