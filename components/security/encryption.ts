import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "../shared/iam.ts";
import type { Tags } from "../shared/tags.ts";

/** What the caller decides about an {@link Encryption}. */
export interface EncryptionArgs {
  /** What the key is for, in words that people see in the console. */
  readonly description: string;
  /** The account whose IAM policies decide about the key. */
  readonly accountId: string;
  /** AWS services that use the key themselves, such as `cloudwatch.amazonaws.com`; only on behalf of the account. @default - none */
  readonly services?: readonly string[];
  /** The region whose CloudWatch Logs may use the key for the account's log groups. @default - not for logs */
  readonly logsOfRegion?: string;
  /** Where the key is, when that is not the stack's own region. A change replaces the key. @default - the stack's region */
  readonly region?: string;
  /** Whether the key refuses to be deleted: what it encrypts is lost with it. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * A customer-managed KMS key with an alias, rotated every year.
 *
 * The account's IAM policies decide who uses it; AWS services are let in by name, and only for this account's resources.
 *
 * **Cost**: 1 USD a month, another 1 USD for each of the first two rotations, and 0.03 USD for 10,000 requests.
 */
export class Encryption extends pulumi.ComponentResource {
  /** ARN of the key. */
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: EncryptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { description, protect = true, region, tags } = args;
    const place = region === undefined ? {} : { region };
    super("platform:security:Encryption", name, {}, opts);

    const key = new Key(
      `${name}-key`,
      {
        description,
        enableKeyRotation: true,
        // The longest pause that KMS allows between "delete" and gone.
        deletionWindowInDays: 30,
        policy: policyDocument(statements(args)),
        ...place,
        tags,
      },
      { parent: this, protect },
    );
    new Alias(`${name}-alias`, { name: `alias/${name}`, targetKeyId: key.keyId, ...place }, { parent: this });

    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}

const USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

function statements({ accountId, logsOfRegion, services = [] }: EncryptionArgs): Statement[] {
  const list: Statement[] = [
    { Sid: "AccountDecides", Action: "kms:*", Resource: "*", Principal: { AWS: `arn:aws:iam::${accountId}:root` } },
  ];
  if (services.length > 0) {
    const Condition = { StringEquals: { "aws:SourceAccount": accountId } };
    list.push({ Sid: "ServicesOfTheAccount", Action: USE, Resource: "*", Principal: { Service: services }, Condition });
  }
  if (logsOfRegion !== undefined) {
    // CloudWatch Logs names the log group in the encryption context, so the key opens for this account's groups alone.
    const groups = `arn:aws:logs:${logsOfRegion}:${accountId}:log-group:*`;
    list.push({
      Sid: "LogGroupsOfTheAccount",
      Action: USE,
      Resource: "*",
      Principal: { Service: `logs.${logsOfRegion}.amazonaws.com` },
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } },
    });
  }
  return list;
}
