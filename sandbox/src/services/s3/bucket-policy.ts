import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { actionsOf, wildcard } from "../iam/action-names.ts";
import { documentText, policyLimit } from "../iam/entities.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { requirePrincipals } from "../iam/principals.ts";
import { BUCKET_POLICY } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";
import { refusePublicPolicy } from "./public-access.ts";

const MALFORMED = "MalformedPolicy";
/** Bytes of a bucket policy (S3 User Guide, "Bucket policies"). */
const LONGEST = 20 * 1024;

/** Who else may do what with a bucket, and who may not. */
export const bucketPolicy = bucketConfiguration({
  type: BUCKET_POLICY,
  replaceOn: ["bucket"],
  limits: { policy: policyLimit("resource", MALFORMED) },
  check: ({ cloud, inputs }) => {
    checkBucketPolicy(cloud, text(inputs, "bucket"), documentText(inputs["policy"]));
  },
});

/** Throws {@link CloudError}, as S3 does, for a policy that the bucket cannot have. */
export function checkBucketPolicy(cloud: Cloud, bucket: string, document: string): void {
  if (Buffer.byteLength(document) > LONGEST) {
    throw new CloudError("PolicyTooLarge", `Policy exceeds the maximum allowed document size of ${LONGEST} bytes`);
  }
  const statements = parsePolicy(document, "resource", MALFORMED);
  for (const statement of statements) {
    checkResources(statement, `arn:aws:s3:::${bucket}`);
    checkActions(statement);
  }
  requirePrincipals(cloud, statements, MALFORMED);
  refusePublicPolicy(cloud, bucket, statements);
}

function checkResources({ resources = [], notResources = [] }: Statement, own: string): void {
  const foreign = [...resources, ...notResources].find(
    (resource) => resource !== own && resource !== "*" && !resource.startsWith(`${own}/`) && !resource.startsWith(`${own}*`),
  );
  if (foreign === undefined) return;
  throw new CloudError(MALFORMED, `Policy has invalid resource: ${foreign} is not the bucket ${own} or something in it`);
}

/** The everyday mistake: `s3:GetObject` on the bucket, `s3:ListBucket` on what is in it. */
function checkActions({ actions = [], resources = ["*"] }: Statement): void {
  const kinds = resources.flatMap((resource) =>
    resource.includes("/") ? ["object"] : resource.endsWith("*") ? ["bucket", "object"] : ["bucket"],
  );
  for (const pattern of actions.filter((action) => action !== "*")) {
    const [service = "", name = ""] = pattern.split(":");
    if (service.toLowerCase() !== "s3")
      throw new CloudError(MALFORMED, `Policy has invalid action: ${pattern} is not an action of s3`);
    const meant = (actionsOf("s3") ?? []).filter((action) => wildcard(name).test(action.name));
    if (meant.some(({ resourceTypes }) => resourceTypes.some((type) => kinds.includes(type)))) continue;
    throw new CloudError(
      MALFORMED,
      `Action does not apply to any resource(s) in statement: ${pattern} is about ${meant[0]?.resourceTypes.at(-1) ?? "no"}s, and the statement names ${resources.join(", ")}`,
    );
  }
}
