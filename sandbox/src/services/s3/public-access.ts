import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Statement } from "../iam/policy-document.ts";
import { memoryOf } from "./bucket-memory.ts";
import { configurationOf, object, OWNERSHIP, PUBLIC_ACCESS_BLOCK } from "./buckets.ts";

/** Canned ACLs that give the owner everything and nobody else anything. */
const OWNERS_OWN = ["private", "bucket-owner-full-control"];

/** Condition keys that, with fixed values, keep a policy for everyone from being public. Source: S3 user guide, "The meaning of public". */
const NARROWING = [
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
];

/** Throws `AccessDenied` if the policy would let everyone in and the bucket's public access block forbids such policies. */
export function refusePublicPolicy(cloud: Cloud, bucket: string, statements: readonly Statement[]): void {
  if (!blocks(cloud, bucket, "blockPublicPolicy") || !statements.some(isPublic)) return;
  throw new CloudError(
    "AccessDenied",
    `User: arn:aws:iam::${cloud.account}:user/operator is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket}" ` +
      "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
    403,
  );
}

/** Throws unless the ACL an object is written with may stand: the sandbox keeps none but the owner's own. */
export function refuseAcl(cloud: Cloud, bucket: string, acl: string | undefined): void {
  if (acl === undefined || OWNERS_OWN.includes(acl)) return;
  const ownership = text(object(configurationOf(cloud, OWNERSHIP, bucket)?.inputs["rule"]), "objectOwnership");
  if (ownership === "" || ownership === "BucketOwnerEnforced") {
    throw new CloudError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  if (acl.startsWith("public-") && blocks(cloud, bucket, "blockPublicAcls"))
    throw new CloudError("AccessDenied", "Access Denied", 403);
  throw new CloudError(
    "NotImplemented",
    `A header you provided implies functionality that is not implemented: the sandbox keeps no ACLs (x-amz-acl: ${acl})`,
    501,
  );
}

/** Whether the statement lets in people nobody has named. */
function isPublic({ effect, principals, notPrincipals, conditions }: Statement): boolean {
  if (effect !== "Allow") return false;
  const everyone = notPrincipals !== undefined || Object.values(principals ?? {}).some((who) => who.includes("*"));
  const narrowed = Object.entries(conditions).some(
    ([operator, keys]) => isPositive(operator) && Object.entries(keys).some(([key, values]) => narrows(key, values)),
  );
  return everyone && !narrowed;
}

/** Whether the operator wants the key to be there and to have one of the values. */
function isPositive(operator: string): boolean {
  return !/Not|IfExists$|^ForAllValues:|^Null$/.test(operator);
}

function narrows(key: string, values: readonly string[]): boolean {
  return NARROWING.includes(key.toLowerCase()) && values.every((value) => !/[*?]|\$\{/.test(value) && !value.endsWith("/0"));
}

/** Every new bucket has all four settings on until a program says otherwise. */
function blocks(cloud: Cloud, bucket: string, setting: string): boolean {
  const block = configurationOf(cloud, PUBLIC_ACCESS_BLOCK, bucket);
  return block === undefined ? memoryOf(cloud, bucket).opened !== true : block.inputs[setting] === true;
}
