import rule from "../../../../policies/rules/storage/bucket-tls-only.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const POLICY = companion("BucketPolicy");
const denial = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::shop-assets", "arn:aws:s3:::shop-assets/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const without = 'assets: the policy of the bucket lets requests without TLS through; it must deny them by "aws:SecureTransport".';

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a policy that denies them": {
        given: { assets: [BUCKET, {}], tls: [POLICY, { bucket: ref("assets"), policy: { Statement: [denial] } }] },
      },
      "a policy as text, for any AWS account": {
        given: {
          assets: [BUCKET, { bucket: "shop-assets" }],
          tls: [POLICY, { bucket: "shop-assets", policy: JSON.stringify({ Statement: { ...denial, Principal: { AWS: "*" } } }) }],
        },
      },
      "a policy in the bucket itself": { given: { assets: [BUCKET, { policy: JSON.stringify({ Statement: [denial] }) }] } },
    },
    fails: {
      "a bucket without a policy": {
        given: { assets: [BUCKET, {}] },
        says: "assets: the bucket has no policy; it must have one that refuses requests without TLS.",
      },
      "a policy about other things": {
        given: {
          assets: [BUCKET, {}],
          read: [
            POLICY,
            { bucket: ref("assets"), policy: { Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }] } },
          ],
        },
        says: without,
      },
      "a policy that denies only one action": {
        given: {
          assets: [BUCKET, {}],
          tls: [POLICY, { bucket: ref("assets"), policy: { Statement: [{ ...denial, Action: "s3:PutObject" }] } }],
        },
        says: without,
      },
      "an empty policy": {
        given: { assets: [BUCKET, {}], tls: [POLICY, { bucket: ref("assets"), policy: "" }] },
        says: "assets: the bucket has no policy; it must have one that refuses requests without TLS.",
      },
    },
    unknown: {
      "a policy that names a bucket which is not made yet": {
        given: { assets: [BUCKET, {}], tls: [POLICY, { bucket: ref("assets"), policy: UNKNOWN }] },
        open: "assets: policy",
      },
    },
    survives: { "*Resource*": "the resources of a bucket's policy can only be the bucket and what is in it" },
  }),
);
