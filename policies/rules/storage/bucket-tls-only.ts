import type { BucketPolicyArgs } from "@pulumi/aws/s3/bucketPolicy.js";
import type { Property } from "../../framework/property.ts";
import { rule } from "../../framework/rule.ts";
import { companions, ofBuckets } from "../../shared/buckets.ts";
import { documentOf, type Statement } from "../../shared/iam.ts";

export default rule({
  id: "bucket-tls-only",
  title: "A bucket refuses requests without TLS",
  severity: "medium",
  description: "S3 answers plain HTTP as well. Who listens on the way reads the objects, and the signature of the request.",
  remediation:
    'Add an aws.s3.BucketPolicy with a statement that denies "s3:*" to everyone when "aws:SecureTransport" is "false", for the bucket and for what is in it.',
  controls: { fsbp: ["S3.5"], cisAws3: ["2.1.1"], cisAws5: ["2.1.1"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  inStack: ofBuckets((bucket, { fail }, stack) => {
    const policies = companions<BucketPolicyArgs>(stack, bucket, "BucketPolicy").map((each) => each.at("policy").as<unknown>());
    const all = [...policies, bucket.at("policy").as<unknown>()].filter((policy) => policy.isSet);
    if (all.length === 0) fail(bucket, "the bucket has no policy", "it must have one that refuses requests without TLS");
    else if (!all.some((policy) => documentOf(policy)?.at("Statement").items.some(refusesPlainHttp) ?? false))
      fail(bucket, "the policy of the bucket lets requests without TLS through", 'it must deny them by "aws:SecureTransport"');
  }),
});

/**
 * As the AWS Config rule `s3-bucket-ssl-requests-only` reads it: for everyone, every action, whenever the transport is not
 * secure.
 */
function refusesPlainHttp(statement: Property<Statement>): boolean {
  if (statement.at("Effect").value !== "Deny") return false;
  const principal = statement.at("Principal").as<unknown>();
  const who = principal.entries.length > 0 ? principal.entries.flatMap(([, each]) => each.items) : principal.items;
  const everyone = who.some(({ value }) => value === "*");
  const everything = statement.at("Action").items.some(({ value }) => value === "*" || value?.toLowerCase() === "s3:*");
  const bool = statement.at("Condition").as<Record<string, Record<string, unknown> | undefined>>().at("Bool");
  const insecure = bool.entries.some(
    ([key, values]) =>
      key.toLowerCase() === "aws:securetransport" && values.items.every(({ value }) => String(value) === "false"),
  );
  return everyone && everything && insecure;
}
