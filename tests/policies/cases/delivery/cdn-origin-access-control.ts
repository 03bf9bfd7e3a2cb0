import rule from "../../../../policies/rules/delivery/cdn-origin-access-control.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const of = (origin: object): readonly [string, Record<string, unknown>] => [CDN, { origins: [origin] }];
const bucket = { domainName: "shop.s3.eu-central-1.amazonaws.com" };
const server = { domainName: "shop.example.com", customOriginConfig: { originProtocolPolicy: "https-only" } };
const lambda = { ...server, domainName: "abc.lambda-url.eu-central-1.on.aws" };
const says = "origins[0].originAccessControlId is nothing; it must name an access control.";

export default casesOf(rule, {
  passes: {
    "a bucket with an access control": { given: of({ ...bucket, originAccessControlId: "E1" }) },
    "a function with an access control": { given: of({ ...lambda, originAccessControlId: "E1" }) },
    "a server, which knows no such thing": { given: of(server) },
    "a server in a network of one's own": { given: of({ domainName: "10.0.0.7", vpcOriginConfig: { vpcOriginId: "vo-1" } }) },
  },
  fails: {
    "a bucket without one": { given: of(bucket), says },
    "a bucket with an access identity of the old kind": {
      given: of({ ...bucket, s3OriginConfig: { originAccessIdentity: "origin-access-identity/cloudfront/E1" } }),
      says,
    },
    "a function without one": { given: of(lambda), says },
  },
  unknown: {
    "an access control that is made later": {
      given: of({ ...bucket, originAccessControlId: UNKNOWN }),
      open: "origins[0].originAccessControlId",
    },
    "a server that may be a function": { given: of({ ...server, domainName: UNKNOWN }), open: "origins[0].domainName" },
  },
  survives: {
    "origins: left out": "AWS refuses a network without an origin",
    "origins: empty": "AWS refuses a network without an origin",
    "origins[0]: left out": "AWS refuses a network without an origin",
    "origins[0].domainName: *": "a bucket, a function or a server under another name",
    "origins[0].originAccessControlId: another text": "another access control is one as well",
    "origins[0].*OriginConfig*: *": "how a server is asked is another rule's subject",
  },
});
