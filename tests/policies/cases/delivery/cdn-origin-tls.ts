import rule from "../../../../policies/rules/delivery/cdn-origin-tls.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const sound = { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] };
const of = (customOriginConfig: unknown): readonly [string, Record<string, unknown>] => [
  CDN,
  { origins: [{ customOriginConfig }] },
];
const BUCKET = "an origin without such settings is a bucket";
const NEEDED = "AWS refuses an origin without versions, and a version that it does not have";

export default casesOf(rule, {
  passes: {
    "a server that is asked by TLS 1.2": { given: of(sound) },
    "a bucket": { given: [CDN, { origins: [{ domainName: "shop.s3.amazonaws.com" }] }], cannotBreak: "nothing is set" },
  },
  fails: {
    "a server that is asked by plain HTTP": {
      given: of({ ...sound, originProtocolPolicy: "http-only" }),
      says: 'origins[0].customOriginConfig.originProtocolPolicy is "http-only"; it must be one of "https-only", "match-viewer".',
    },
    "a server that may be asked by TLS 1.0": {
      given: of({ ...sound, originSslProtocols: ["TLSv1", "TLSv1.2"] }),
      says: 'origins[0].customOriginConfig.originSslProtocols is ["TLSv1","TLSv1.2"]; it must leave out SSLv3, TLSv1 and TLSv1.1.',
    },
  },
  unknown: {
    "versions that are chosen later": {
      given: of({ ...sound, originSslProtocols: UNKNOWN }),
      open: "origins[0].customOriginConfig.originSslProtocols",
    },
    "an origin of which nothing is known": { given: of(UNKNOWN), open: "origins[0].customOriginConfig" },
  },
  survives: {
    "origins: left out": "AWS refuses a network without an origin",
    "origins: empty": "AWS refuses a network without an origin",
    "origins[0]: left out": "AWS refuses a network without an origin",
    "origins[0]: empty": BUCKET,
    "origins[0].customOriginConfig: left out": BUCKET,
    "origins[0].customOriginConfig: empty": BUCKET,
    "origins[0].customOriginConfig.originSslProtocols*: *": NEEDED,
  },
});
