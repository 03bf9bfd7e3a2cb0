import type { Operation } from "../../core/definition.ts";
import { CloudError } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";

export const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
export const WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
export const WEB_ACL_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

/** The region of everything that stands before CloudFront. */
export const CLOUDFRONT_REGION = "us-east-1";

/** The ARN of a web ACL. Source: Service Authorization Reference, "Resource types defined by AWS WAF V2". */
export function webAclArn(
  { cloud, region }: Pick<Operation, "cloud" | "region">,
  scope: string,
  name: string,
  id: string,
): string {
  return arn("wafv2", region, cloud.account, `${scope === "CLOUDFRONT" ? "global" : "regional"}/webacl/${name}/${id}`);
}

/** WAF's error for a parameter, as it words them all. */
export function invalid(reason: string, field: string, parameter: string): CloudError {
  return new CloudError("WAFInvalidParameterException", `Error reason: ${reason}, field: ${field}, parameter: ${parameter}`);
}

/** WAF's error for an ARN that leads to nothing. */
export function nonexistent(): CloudError {
  return new CloudError(
    "WAFNonexistentItemException",
    "AWS WAF couldn’t perform the operation because your resource doesn’t exist.",
  );
}

/** WAF's error for an ARN of another kind. */
export function invalidArn(field: string, parameter: string): CloudError {
  return invalid(
    "The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes.",
    field,
    parameter,
  );
}

/** WAF's error for a web ACL that is taken away while something stands behind it. */
export function associated(): CloudError {
  return new CloudError(
    "WAFAssociatedItemException",
    "AWS WAF couldn’t perform the operation because your resource is being used by another resource or it’s associated with another resource.",
  );
}
