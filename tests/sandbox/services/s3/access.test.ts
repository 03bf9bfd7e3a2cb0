import assert from "node:assert/strict";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { refused } from "../../support/refused.ts";
import { BUCKET, denied, S3Fixture, type } from "./support.ts";

const ARN = `arn:aws:s3:::${BUCKET}`;
const ME = "arn:aws:sts::123456789012:assumed-role/app/app";

describe("who may do what with objects of S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
    await s3.put("a", "text");
  });
  afterEach(() => s3.end());

  const clientWith = async (...statements: object[]): Promise<S3Client> =>
    s3.clientOf(await s3.api.roleWith("app", ...statements));
  const get = (client: S3Client, Key = "a") => client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  const put = (client: S3Client, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "b", Body: "x", ...more }));
  const policy = (...statements: object[]) => s3.make(type.policy, { bucket: BUCKET, policy: policyOf(...statements) });
  const app = (): string => text(s3.api.cloud.world.get("aws:iam/role:Role", "app")?.outputs ?? {}, "arn");

  it("a role may what its own policy allows, and gets nothing else", async () => {
    const client = await clientWith({ Action: "s3:GetObject", Resource: `${ARN}/a` });
    assert.equal(await (await get(client)).Body?.transformToString(), "text");
    const words = `User: ${ME} is not authorized to perform: s3:PutObject on resource: "${ARN}/b" because no identity-based policy allows the s3:PutObject action`;
    await denied(put(client), "AccessDenied", 403, words);
  });

  it("that a key is not there is told to who may list the bucket, and to nobody else", async () => {
    const reading = { Action: "s3:GetObject", Resource: `${ARN}/*` };
    await denied(get(await clientWith(reading), "none"), "AccessDenied", 403, "Access Denied");
    const both = s3.clientOf(await s3.api.roleWith("lister", reading, { Action: "s3:ListBucket", Resource: ARN }));
    await denied(get(both, "none"), "NoSuchKey", 404);
  });

  it("an upload that is refused leaves nothing on disk", async () => {
    await denied(put(await clientWith()), "AccessDenied", 403);
    assert.deepEqual(s3.files(), [4]);
  });

  it("a deletion of many answers for each key", async () => {
    const client = await clientWith({ Action: "s3:DeleteObject", Resource: `${ARN}/a` });
    const { Deleted, Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: "a" }, { Key: "b" }] } }),
    );
    assert.deepEqual(Deleted, [{ Key: "a" }]);
    assert.deepEqual(
      Errors?.map(({ Key, Code }) => [Key, Code]),
      [["b", "AccessDenied"]],
    );
  });

  it("buckets are listed by who may list them all", async () => {
    await denied(
      (await clientWith()).send(new ListBucketsCommand({})),
      "AccessDenied",
      403,
      /s3:ListAllMyBuckets on resource: "arn:aws:s3:::\*"/,
    );
    const { Buckets } = await s3.client.send(new ListBucketsCommand({}));
    assert.deepEqual(
      Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion]),
      [[BUCKET, "eu-central-1"]],
    );
  });

  describe("by the bucket's policy", () => {
    it("a role may what it allows, without a policy of its own", async () => {
      const client = await clientWith();
      await policy({ Principal: { AWS: app() }, Action: "s3:GetObject", Resource: `${ARN}/*` });
      assert.equal(await (await get(client)).Body?.transformToString(), "text");
      await denied(put(client), "AccessDenied", 403);
    });

    it("nobody may what it denies, not even the operator", async () => {
      await policy({ Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `${ARN}/*` });
      const words = `User: arn:aws:iam::123456789012:user/operator is not authorized to perform: s3:DeleteObject on resource: "${ARN}/a" with an explicit deny in a resource-based policy`;
      await denied(s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a" })), "AccessDenied", 403, words);
    });

    it("a denial of what is not sent over TLS touches nobody: the endpoint stands for one with TLS", async () => {
      await policy(
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [ARN, `${ARN}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [ARN, `${ARN}/*`],
          Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
        },
      );
      assert.equal(await s3.get("a"), "text");
    });

    it("uploads may be held to an encryption", async () => {
      const condition = { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } };
      await policy({ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${ARN}/*`, Condition: condition });
      await denied(put(s3.client), "AccessDenied", 403, /explicit deny/);
      await put(s3.client, { ServerSideEncryption: "aws:kms" });
    });

    it("uploads may be held to a condition", async () => {
      const condition = { Null: { "s3:if-none-match": "true" } };
      await policy({ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `${ARN}/*`, Condition: condition });
      await denied(put(s3.client), "AccessDenied", 403, /explicit deny/);
      await put(s3.client, { IfNoneMatch: "*" });
    });

    it("is told to who may read it", async () => {
      const read = () => s3.client.send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
      await denied(read(), "NoSuchBucketPolicy", 404, "The bucket policy does not exist");
      const statement = { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `${ARN}/*` };
      await policy(statement);
      assert.equal((await read()).Policy, policyOf(statement));
    });

    it("may stand in the bucket itself", async () => {
      const own = policyOf({ Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::old-style/*" });
      await s3.make(type.bucket, { bucket: "old-style", policy: own }, "old-style");
      await denied(s3.get("a", { Bucket: "old-style" }), "AccessDenied", 403, /explicit deny/);
    });

    const good = { Principal: { AWS: "123456789012" }, Action: "s3:GetObject", Resource: `${ARN}/*` };
    for (const [what, statement, code, message] of [
      [
        "another bucket",
        { ...good, Resource: "arn:aws:s3:::other/*" },
        "MalformedPolicy",
        /^Policy has invalid resource: arn:aws:s3:::other\/\* is not the bucket/,
      ],
      [
        "a bucket whose name merely begins the same",
        { ...good, Resource: `${ARN}-2/*` },
        "MalformedPolicy",
        /^Policy has invalid resource/,
      ],
      [
        "a role that is not there",
        { ...good, Principal: { AWS: "arn:aws:iam::123456789012:role/ghost" } },
        "MalformedPolicy",
        'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/ghost"',
      ],
      [
        "an action of another service",
        { ...good, Action: "kms:Decrypt" },
        "MalformedPolicy",
        "Policy has invalid action: kms:Decrypt is not an action of s3",
      ],
      [
        "an action on objects for the bucket",
        { ...good, Resource: ARN },
        "MalformedPolicy",
        /^Action does not apply to any resource\(s\) in statement: s3:GetObject is about objects/,
      ],
      [
        "an action on the bucket for objects",
        { ...good, Action: ["s3:GetObject", "s3:ListBucket"] },
        "MalformedPolicy",
        /^Action does not apply to any resource\(s\) in statement: s3:ListBucket is about buckets/,
      ],
      [
        "everybody",
        { ...good, Principal: "*" },
        "AccessDenied",
        /because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access\.$/,
      ],
      [
        "more than 20 KB",
        { ...good, Resource: Array.from({ length: 500 }, (_, index) => `${ARN}/${String(index).padStart(30, "0")}`) },
        "PolicyTooLarge",
        /20480 bytes$/,
      ],
    ] as const) {
      it(`cannot be about ${what}, in the bucket or beside it`, async () => {
        const document = policyOf(statement);
        await refused(s3.make(type.policy, { bucket: BUCKET, policy: document }), code, message);
        const bucket = s3.api.cloud.world.get(type.bucket, BUCKET);
        assert.ok(bucket);
        await refused(s3.api.stack.update(bucket, "main", { bucket: BUCKET, policy: document }), code, message);
      });
    }

    it("may name actions by pattern, and a bucket and its objects together", async () => {
      await policy({ ...good, Action: ["s3:Get*", "s3:List*"], Resource: [ARN, `${ARN}/*`] });
    });
  });

  describe("by everybody", () => {
    const open = (condition: object = {}) =>
      policy({
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `${ARN}/*`,
        ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
      });
    const block = (inputs: Props = {}) => s3.make(type.publicAccess, { bucket: BUCKET, ...inputs });
    const isRefused = (work: Promise<unknown>) => refused(work, "AccessDenied", /BlockPublicPolicy/);

    it("is refused in a new bucket, as S3 has done since April 2023, and after the block says otherwise allowed", async () => {
      await isRefused(open());
      await block({ blockPublicPolicy: false });
      await open();
    });

    it("is refused again when the block is switched on, and allowed when it is taken away", async () => {
      const row = await block({ blockPublicPolicy: true });
      await isRefused(open());
      await s3.api.stack.delete(row);
      await open();
    });

    for (const [condition, isPublic] of [
      [{ StringEquals: { "aws:SourceVpc": "vpc-1" } }, false],
      [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, false],
      [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, true],
      [{ StringLike: { "aws:PrincipalArn": "arn:aws:iam::*" } }, true],
      [{ StringNotEquals: { "aws:SourceVpc": "vpc-1" } }, true],
      [{ StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }, true],
      [{ StringEquals: { "s3:ExistingObjectTag/public": "yes" } }, true],
    ] as const) {
      it(`is ${isPublic ? "still" : "no longer"} what a policy means with ${JSON.stringify(condition)}`, async () => {
        if (isPublic) await isRefused(open(condition));
        else await open(condition);
      });
    }

    it("is not what an ACL can give: the owner's own are fine, others are refused", async () => {
      await s3.put("own", "x", { ACL: "bucket-owner-full-control" });
      await denied(
        s3.put("open", "x", { ACL: "public-read" }),
        "AccessControlListNotSupported",
        400,
        "The bucket does not allow ACLs",
      );
      await s3.make(type.ownership, { bucket: BUCKET, rule: { objectOwnership: "ObjectWriter" } });
      await denied(s3.put("open", "x", { ACL: "public-read" }), "AccessDenied", 403, "Access Denied");
      await denied(
        s3.put("open", "x", { ACL: "authenticated-read" }),
        "NotImplemented",
        501,
        /the sandbox keeps no ACLs \(x-amz-acl: authenticated-read\)$/,
      );
    });
  });

  describe("under a customer's key", () => {
    let keyArn: string;
    let encryption: Resource;
    beforeEach(async () => {
      const key = await s3.api.stack.create("aws:kms/key:Key", "main", {});
      keyArn = text(key.outputs, "arn");
      encryption = await encrypt(true);
    });

    const encrypt = (bucketKeyEnabled: boolean) =>
      s3.make(type.encryption, {
        bucket: BUCKET,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn }, bucketKeyEnabled }],
      });
    const objects = { Action: ["s3:GetObject", "s3:PutObject"], Resource: `${ARN}/*` };
    const via = { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } };
    const keyRight = (Action: string, Condition: object = via) => ({ Action, Resource: keyArn, Condition });

    it("objects are by default encrypted with it, and say so", async () => {
      const { ServerSideEncryption, SSEKMSKeyId } = await s3.put("b", "x");
      assert.deepEqual([ServerSideEncryption, SSEKMSKeyId], ["aws:kms", keyArn]);
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "b" }));
      assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], ["aws:kms", keyArn]);
    });

    it("a writer needs GenerateDataKey of the key as well, and a reader Decrypt", async () => {
      const neither = await clientWith(objects);
      const words = `User: ${ME} is not authorized to perform: kms:GenerateDataKey on resource: ${keyArn} because no identity-based policy allows the kms:GenerateDataKey action`;
      await denied(put(neither), "AccessDenied", 403, words);
      const writer = s3.clientOf(await s3.api.roleWith("writer", objects, keyRight("kms:GenerateDataKey")));
      await put(writer);
      await denied(get(writer, "b"), "AccessDenied", 403, /not authorized to perform: kms:Decrypt/);
      const reader = s3.clientOf(await s3.api.roleWith("reader", objects, keyRight("kms:Decrypt")));
      assert.equal(await (await get(reader, "b")).Body?.transformToString(), "x");
      await get(neither, "a");
    });

    for (const [bucketKeyEnabled, right, wrong] of [
      [true, ARN, `${ARN}/b`],
      [false, `${ARN}/b`, ARN],
    ] as const) {
      it(`KMS is asked about the ${bucketKeyEnabled ? "bucket" : "object"} ${bucketKeyEnabled ? "with" : "without"} a bucket key`, async () => {
        await s3.api.stack.delete(encryption);
        await encrypt(bucketKeyEnabled);
        const only = (arn: string) => keyRight("kms:*", { StringEquals: { "kms:EncryptionContext:aws:s3:arn": arn } });
        const client = await clientWith(objects, only(right));
        assert.equal((await put(client)).BucketKeyEnabled, bucketKeyEnabled || undefined);
        assert.equal(await (await get(client, "b")).Body?.transformToString(), "x");
        const other = s3.clientOf(await s3.api.roleWith("other", objects, only(wrong)));
        await denied(put(other), "AccessDenied", 403, /kms:GenerateDataKey/);
        await denied(get(other, "b"), "AccessDenied", 403, /kms:Decrypt/);
      });
    }

    it("a writer may choose another encryption", async () => {
      const { ServerSideEncryption, SSEKMSKeyId } = await s3.put("b", "x", { ServerSideEncryption: "AES256" });
      assert.deepEqual([ServerSideEncryption, SSEKMSKeyId], ["AES256", undefined]);
      await denied(
        s3.put("b", "x", { ServerSideEncryption: "AES256", SSEKMSKeyId: keyArn }),
        "InvalidArgument",
        400,
        /requires HTTP header x-amz-server-side-encryption : aws:kms/,
      );
    });

    it("nobody can read or write once the key is switched off, or waits for its deletion", async () => {
      await s3.put("b", "x");
      const key = s3.api.cloud.world.get("aws:kms/key:Key", keyArn.split("/").at(-1) ?? "");
      assert.ok(key);
      const off = await s3.api.stack.update(key, "main", { isEnabled: false });
      await denied(s3.get("b"), "KMS.DisabledException", 400, `${keyArn} is disabled.`);
      await denied(s3.put("c", "x"), "KMS.DisabledException", 400);
      await s3.api.stack.delete(off);
      await denied(s3.get("b"), "KMS.KMSInvalidStateException", 400, `${keyArn} is pending deletion.`);
      assert.equal(await s3.get("a"), "text");
    });

    it("a key that is not there is refused when it is needed", async () => {
      const missing = keyArn.replace(/[^/]+$/, "00000000-0000-0000-0000-000000000000");
      await denied(
        s3.put("b", "x", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: missing }),
        "KMS.NotFoundException",
        400,
        `Key '${missing}' does not exist`,
      );
    });
  });

  it("a client of another region is sent home", async () => {
    const abroad = s3.clientOf({ ...s3.api.operator, region: "us-east-1" });
    const words = "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'";
    await denied(get(abroad), "AuthorizationHeaderMalformed", 400, words);
    await denied(
      abroad.send(
        new CreateBucketCommand({ Bucket: "x-y-z", CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } }),
      ),
      "IllegalLocationConstraintException",
      400,
      /^The eu-central-1 location constraint is incompatible/,
    );
  });
});
