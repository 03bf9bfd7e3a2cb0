import rule from "../../../../policies/rules/storage/bucket-policy-not-public.ts";
import { BUCKET, companion, withOlderName } from "../../support/buckets.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const POLICY = companion("BucketPolicy");
const CDN = { Service: "cloudfront.amazonaws.com" };
const open = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop-assets/*" };
const account = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };
const says = "policy.Statement[0] lets everyone use the bucket; it must name who may, or bind them by a condition.";
const of = (...statements: readonly object[]) => ({ policy: { Statement: statements } });

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket that says nothing": { given: [BUCKET, {}] },
      "a policy for a delivery network": { given: [POLICY, of({ ...open, Principal: CDN })] },
      "a policy for everyone of an organisation": { given: [POLICY, of({ ...open, Condition: account })] },
      "a policy that shuts everyone out": {
        given: [POLICY, of({ ...open, Effect: "Deny" })],
        cannotBreak: "what it denies, it does not allow",
      },
      "a policy that is written into the bucket itself": {
        given: [BUCKET, of({ ...open, Principal: { AWS: "arn:aws:iam::123456789012:root" } })],
      },
    },
    fails: {
      "a bucket with a policy for everyone": { given: [BUCKET, of(open)], says },
      "a policy for every account": { given: [POLICY, of({ ...open, Principal: { AWS: ["*"] } })], says },
      "a policy for everyone but one": {
        given: [POLICY, of({ Effect: "Allow", NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "s3:*" })],
        says,
      },
      "a condition that binds nobody": {
        given: [POLICY, of({ ...open, Sid: "All", Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } })],
        says: 'statement "All" lets everyone use the bucket; it must name who may, or bind them by a condition.',
      },
      "a condition that lets in who does not say": {
        given: [POLICY, of({ ...open, Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } } })],
        says,
      },
      "a condition about something else": {
        given: [POLICY, of({ ...open, Condition: { Bool: { "aws:SecureTransport": "true" } } })],
        says,
      },
    },
    unknown: {
      "a policy that names what is not made yet": { given: [POLICY, { policy: UNKNOWN }], open: "policy" },
      "a principal that is not known": {
        given: [POLICY, of({ ...open, Principal: { AWS: UNKNOWN } })],
        open: "policy.Statement[0].Principal.AWS",
      },
      "a condition that is not known": {
        given: [POLICY, of({ ...open, Condition: { StringEquals: { "aws:PrincipalOrgID": UNKNOWN } } })],
        open: 'policy.Statement[0].Condition.StringEquals["aws:PrincipalOrgID"]',
      },
    },
    survives: {
      "policy: left out": "no policy lets nobody in",
      "policy: empty": "no policy lets nobody in",
      "policy.Statement*: left out": "less is allowed",
      "policy.Statement*: empty": "less is allowed",
      "policy.Statement[0].Effect: another text": "less is allowed",
      "policy.Statement[0].Action*": "whatever it allows, it does not allow everyone",
      "policy.Statement[0].Resource*": "whatever it allows, it does not allow everyone",
      "policy.Statement[0].Principal*: another text": "someone else is not everyone",
      "policy.Statement[0].Principal.Service: unknown": "a service is not everyone, whichever it is",
      "policy.Statement[0].Condition*: another text": "another organisation is not everyone",
    },
  }),
);
