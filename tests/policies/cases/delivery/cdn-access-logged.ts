import rule from "../../../../policies/rules/delivery/cdn-access-logged.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const says = "web: the distribution has neither a loggingConfig.bucket nor a LogDeliverySource; it must have one.";

export default casesOf(rule, {
  passes: {
    "a network that logs into a bucket": {
      given: { web: [CDN, { loggingConfig: { bucket: ref("logs", "bucketDomainName") } }], logs: ["aws:s3/bucket:Bucket", {}] },
    },
    "a network that logs into a bucket of another stack": {
      given: { web: [CDN, { loggingConfig: { bucket: "logs.s3.amazonaws.com" } }] },
    },
    "a network that CloudWatch takes the logs of": {
      given: { web: [CDN, {}], source: [SOURCE, { resourceArn: ref("web", "arn"), logType: "ACCESS_LOGS" }] },
    },
  },
  fails: {
    "a network without logs": { given: { web: [CDN, {}] }, says },
    "a network with a prefix, and no bucket": { given: { web: [CDN, { loggingConfig: { prefix: "web/" } }] }, says },
  },
  unknown: {
    "a bucket that may be none": {
      given: { web: [CDN, { loggingConfig: { bucket: UNKNOWN } }] },
      open: "web: loggingConfig.bucket",
    },
    "a source of which nobody knows whose it is": {
      given: { web: [CDN, {}], source: [SOURCE, { resourceArn: UNKNOWN }] },
      open: "web: source.resourceArn",
    },
  },
  survives: {
    "logs: left out": "the bucket may be another stack's",
    "web: loggingConfig.bucket: another text": "another bucket is one as well",
    "source: logType: *": "CloudFront has one type of log",
  },
});
