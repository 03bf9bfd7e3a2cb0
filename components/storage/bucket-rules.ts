import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../shared/iam.ts";

/** The four locks that keep a bucket from the public. */
export const CLOSED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
} as const;

/** Refuses every request to a bucket that comes without TLS. */
export function tlsOnly(bucketArn: pulumi.Input<string>): Statement {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Action: "s3:*",
    Principal: "*",
    Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
