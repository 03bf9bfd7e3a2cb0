import type { PolicyComplianceFramework } from "@pulumi/policy";

/** The controls of the AWS Foundational Security Best Practices standard that a rule answers, such as `RDS.3`. */
export function fsbp(...controls: readonly string[]): PolicyComplianceFramework {
  return {
    name: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    reference: controls.join(", "),
    specification: "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
  };
}
