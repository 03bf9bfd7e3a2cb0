import assert from "node:assert/strict";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { text } from "../../../../sandbox/src/core/values.ts";
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
