import assert from "node:assert/strict";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { BUCKET, denied, S3Fixture, type } from "./support.ts";

const ARN = `arn:aws:s3:::${BUCKET}`;
const ME = "arn:aws:sts::123456789012:assumed-role/app/app";

describe("objects of S3 under a customer's key", () => {
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
  const put = (client: S3Client) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "b", Body: "x" }));

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
