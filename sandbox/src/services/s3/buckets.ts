import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props, type Value } from "../../core/values.ts";
import { documentText } from "../iam/entities.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { memoryOf } from "./bucket-memory.ts";

export const BUCKET = "aws:s3/bucket:Bucket";
export const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
export const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
export const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
export const PUBLIC_ACCESS_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";
export const OBJECT_LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";

/** The bucket of that name. Throws `NoSuchBucket`, also for one that is just going: nothing more can be put into it. */
export function requireBucket(cloud: Cloud, name: string): Resource {
  const bucket = cloud.world.get(BUCKET, name);
  if (bucket !== undefined && bucket.phase !== "deleting") return bucket;
  throw new CloudError("NoSuchBucket", "The specified bucket does not exist", 404);
}

/** The configuration of that type which names the bucket. */
export function configurationOf(cloud: Cloud, type: string, bucket: string): Resource | undefined {
  return cloud.world.all(type).find((row) => row.inputs["bucket"] === bucket);
}

/** Whether new objects get a version of their own. */
export function versioningOf(cloud: Cloud, bucket: string): "Enabled" | "Suspended" | "Disabled" {
  const status = text(object(configurationOf(cloud, VERSIONING, bucket)?.inputs["versioningConfiguration"]), "status");
  if (status === "Enabled" || status === "Suspended") return status;
  const own = cloud.world.get(BUCKET, bucket)?.inputs ?? {};
  if (asksForVersions(own)) return "Enabled";
  return memoryOf(cloud, bucket).versioned === true ? "Suspended" : "Disabled";
}

/** Whether the inputs of a bucket itself switch versioning on. */
export function asksForVersions(inputs: Props): boolean {
  return object(inputs["versioning"])["enabled"] === true || inputs["objectLockEnabled"] === true;
}

/** The bucket's own policy as text, whether given with it or beside it; empty where it has none. */
export function policyTextOf(cloud: Cloud, bucket: string): string {
  const beside = configurationOf(cloud, BUCKET_POLICY, bucket);
  return documentText((beside ?? cloud.world.get(BUCKET, bucket))?.inputs["policy"]);
}

/** The statements of that policy. */
export function policyOfBucket(cloud: Cloud, bucket: string): readonly Statement[] {
  const document = policyTextOf(cloud, bucket);
  return document === "" ? [] : parsePolicy(document, "resource", "MalformedPolicy");
}

/** How an object is encrypted. */
export interface Encryption {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm: string;
  /** Empty for a key of S3's or AWS's own. */
  readonly keyId: string;
  /** Whether the key is used through one of the bucket's own: KMS is then asked about the bucket, not about the object. */
  readonly bucketKey: boolean;
}

/** How new objects are encrypted unless the writer says otherwise. S3 encrypts all with AES256 by default. */
export function encryptionOf(cloud: Cloud, bucket: string): Encryption {
  const rules = configurationOf(cloud, ENCRYPTION, bucket)?.inputs["rules"];
  const rule = object(Array.isArray(rules) ? rules[0] : undefined);
  const chosen = object(rule["applyServerSideEncryptionByDefault"]);
  return {
    algorithm: text(chosen, "sseAlgorithm") || "AES256",
    keyId: text(chosen, "kmsMasterKeyId"),
    bucketKey: rule["bucketKeyEnabled"] === true,
  };
}

/** Until when an object written now must stay, by the bucket's default retention; 0 if it has none. */
export function retentionOf(cloud: Cloud, bucket: string): { readonly until: number; readonly governance: boolean } {
  const retention = object(object(configurationOf(cloud, OBJECT_LOCK, bucket)?.inputs["rule"])["defaultRetention"]);
  const days = Number(retention["days"] ?? 0) + 365 * Number(retention["years"] ?? 0);
  return { until: days === 0 ? 0 : cloud.now() + days * 24 * 60 * 60 * 1000, governance: retention["mode"] === "GOVERNANCE" };
}

/** What the provider computes for a bucket. */
export function bucketOutputs(name: string, region: string): Props {
  return {
    arn: `arn:aws:s3:::${name}`,
    bucket: name,
    bucketDomainName: `${name}.s3.amazonaws.com`,
    bucketRegion: region,
    bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    hostedZoneId: HOSTED_ZONES[region] ?? "",
    region,
  };
}

/** What is wrong with a bucket name, or undefined. Source: S3 user guide, "General purpose bucket naming rules". */
export function faultInBucketName(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `bucket "${name}" has ${String(name.length)} characters; 3 to 63 are allowed`;
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name)) {
    return `bucket "${name}" may hold only lowercase letters, digits, dots and hyphens, and begins and ends with a letter or digit`;
  }
  if (name.includes("..") || /^\d+\.\d+\.\d+\.\d+$/.test(name))
    return `bucket "${name}" must not hold two dots side by side or look like an IP address`;
  if (/^(xn--|sthree-|amzn-s3-demo-)/.test(name) || /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name))
    return `bucket "${name}" begins or ends with what S3 keeps for itself`;
  return undefined;
}

/** An object value, or an empty one; a list stands for its first item, as the older provider gives some blocks as lists. */
export function object(value: Value | undefined): Props {
  const one = Array.isArray(value) ? value[0] : value;
  return one !== null && typeof one === "object" && !Array.isArray(one) ? one : {};
}

/** Source: AWS general reference, "Amazon S3 website endpoints". */
const HOSTED_ZONES: Readonly<Record<string, string>> = {
  "af-south-1": "Z83WF9RJE8B12",
  "ap-northeast-1": "Z2M4EHUR26P7ZW",
  "ap-northeast-2": "Z3W03O7B5YMIYP",
  "ap-south-1": "Z11RGJOFQNVJUP",
  "ap-southeast-1": "Z3O0J2DXBE1FTB",
  "ap-southeast-2": "Z1WCIGYICN2BYD",
  "ca-central-1": "Z1QDHH18159H29",
  "eu-central-1": "Z21DNDUVLTQW6Q",
  "eu-north-1": "Z3BAZG2TWCNX0D",
  "eu-west-1": "Z1BKCTXD74EZPE",
  "eu-west-2": "Z3GKZC51ZF0DB4",
  "eu-west-3": "Z3R1K369G5AVDG",
  "sa-east-1": "Z7KQH4QJS55SO",
  "us-east-1": "Z3AQBSTGFYJSTF",
  "us-east-2": "Z2O1EMRO9K5GLX",
  "us-west-1": "Z2F56UZL2M1ACD",
  "us-west-2": "Z3BJ6K6RIION7M",
};
