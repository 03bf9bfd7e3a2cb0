import assert from "node:assert/strict";
import { CopyObjectCommand, type CopyObjectCommandInput, HeadObjectCommand } from "@aws-sdk/client-s3";
import { policyOf } from "../../support/api.ts";
import { BUCKET, denied, S3Fixture, type } from "./support.ts";

describe("a copy of an object of S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const copy = (CopySource: string, Key = "copy", more: Partial<CopyObjectCommandInput> = {}) =>
    s3.client.send(new CopyObjectCommand({ Bucket: BUCKET, Key, CopySource, ...more }));
  const head = (Key: string) => s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: "ENABLED" }));

  it("has the bytes, the ETag, the metadata and the checksum of its source", async () => {
    const put = await s3.put("a", "text", { ContentType: "text/plain", Metadata: { of: "source" } });
    const { CopyObjectResult } = await copy(`${BUCKET}/a`);
    assert.equal(CopyObjectResult?.ETag, put.ETag);
    assert.equal(await s3.get("copy"), "text");
    const { ContentType, Metadata, ChecksumCRC32 } = await head("copy");
    assert.deepEqual([ContentType, Metadata, ChecksumCRC32], ["text/plain", { of: "source" }, put.ChecksumCRC32]);
  });

  it("outlives its source, and takes no room beside it", async () => {
    await s3.put("a", "text");
    await copy(`${BUCKET}/a`);
    await s3.put("a", "other text");
    assert.equal(await s3.get("copy"), "text");
    assert.deepEqual(s3.files(), [4, 10]);
  });

  it("has metadata of its own if it is told to replace them, and keeps the checksum of the bytes", async () => {
    const put = await s3.put("a", "text", { ContentType: "text/plain", Metadata: { of: "source" } });
    await copy(`${BUCKET}/a`, "copy", { MetadataDirective: "REPLACE", Metadata: { of: "copy" } });
    const { Metadata, ContentType, ChecksumCRC32 } = await head("copy");
    assert.deepEqual([Metadata, ContentType, ChecksumCRC32], [{ of: "copy" }, "binary/octet-stream", put.ChecksumCRC32]);
  });

  it("has a storage class of its own", async () => {
    await s3.put("a", "text", { StorageClass: "STANDARD_IA" });
    await copy(`${BUCKET}/a`);
    assert.equal((await head("copy")).StorageClass, undefined);
  });

  it("may come from another bucket, and from any key", async () => {
    await s3.make(type.bucket, { bucket: "other-objects" }, "other");
    for (const key of ["Grüße/💶 +&?.txt", "a%2Fb", "../up"]) {
      await s3.put(key, key);
      await s3.client.send(
        new CopyObjectCommand({ Bucket: "other-objects", Key: "copy", CopySource: encodeURIComponent(`${BUCKET}/${key}`) }),
      );
      assert.equal(await s3.get("copy", { Bucket: "other-objects" }), key);
    }
  });

  it("cannot be made of an object onto itself with nothing changed", async () => {
    await s3.put("a", "text");
    await denied(
      copy(`${BUCKET}/a`, "a"),
      "InvalidRequest",
      400,
      /^This copy request is illegal because it is trying to copy an object to itself/,
    );
    await copy(`${BUCKET}/a`, "a", { MetadataDirective: "REPLACE", Metadata: { new: "yes" } });
    assert.deepEqual((await head("a")).Metadata, { new: "yes" });
    await copy(`${BUCKET}/a`, "a", { StorageClass: "STANDARD_IA" });
    assert.equal((await head("a")).StorageClass, "STANDARD_IA");
  });

  it("brings an older version back over the newest", async () => {
    await s3.versioning("Enabled");
    const { VersionId } = await s3.put("a", "old");
    await s3.put("a", "new");
    const restored = await copy(`${BUCKET}/a?versionId=${VersionId}`, "a");
    assert.equal(restored.CopySourceVersionId, VersionId);
    assert.notEqual(restored.VersionId, VersionId);
    assert.equal(await s3.get("a"), "old");
  });

  for (const [condition, holds] of [
    [{ CopySourceIfMatch: '"1cb251ec0d568de6a929b520c4aed8d1"' }, true],
    [{ CopySourceIfMatch: '"other"' }, false],
    [{ CopySourceIfNoneMatch: '"1cb251ec0d568de6a929b520c4aed8d1"' }, false],
    [{ CopySourceIfNoneMatch: '"other"' }, true],
    [{ CopySourceIfModifiedSince: new Date(0) }, true],
    [{ CopySourceIfModifiedSince: new Date("2100-01-01") }, false],
    [{ CopySourceIfUnmodifiedSince: new Date(0) }, false],
    [{ CopySourceIfUnmodifiedSince: new Date("2100-01-01") }, true],
  ] as const) {
    it(`is ${holds ? "" : "not "}made with ${JSON.stringify(condition)}`, async () => {
      await s3.put("a", "text");
      if (holds) await copy(`${BUCKET}/a`, "copy", condition);
      else await denied(copy(`${BUCKET}/a`, "copy", condition), "PreconditionFailed", 412);
    });
  }

  it("is made only where there is none, if its writer asks for that", async () => {
    await s3.put("a", "text");
    await copy(`${BUCKET}/a`, "copy", { IfNoneMatch: "*" });
    await denied(copy(`${BUCKET}/a`, "copy", { IfNoneMatch: "*" }), "PreconditionFailed", 412);
    assert.deepEqual(s3.files(), [4, 4]);
  });

  it("needs a source that is there", async () => {
    await denied(copy(`${BUCKET}/none`), "NoSuchKey", 404);
    await denied(copy("nowhere/a"), "NoSuchBucket", 404);
    await denied(copy(BUCKET), "InvalidArgument", 400, /^Copy Source must mention the source bucket and key/);
    await denied(copy(`${BUCKET}/%E0%A4%A`), "InvalidArgument", 400, /percent-encoded$/);
  });

  it("needs the right to read the one and to write the other", async () => {
    await s3.put("a", "text");
    const arn = `arn:aws:s3:::${BUCKET}`;
    const clientOf = async (name: string, ...statements: object[]) => s3.clientOf(await s3.api.roleWith(name, ...statements));
    const command = () => new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/a` });
    const writer = await clientOf("writer", { Action: "s3:PutObject", Resource: `${arn}/copy` });
    await denied(
      writer.send(command()),
      "AccessDenied",
      403,
      /not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::shop-objects\/a"/,
    );
    const reader = await clientOf("reader", { Action: "s3:GetObject", Resource: `${arn}/a` });
    await denied(reader.send(command()), "AccessDenied", 403, /s3:PutObject on resource: "arn:aws:s3:::shop-objects\/copy"/);
    const both = await clientOf("both", { Action: ["s3:GetObject", "s3:PutObject"], Resource: `${arn}/*` });
    await both.send(command());
    await s3.make(type.policy, {
      bucket: BUCKET,
      policy: policyOf({ Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `${arn}/a` }),
    });
    await denied(both.send(command()), "AccessDenied", 403, /with an explicit deny in a resource-based policy$/);
  });
});
