import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { DeleteObjectCommand, DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { BUCKET, denied, S3Fixture } from "./support.ts";

describe("objects of S3 under a condition", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const etag = `"${createHash("md5").update("v1").digest("hex")}"`;
  const failed = "At least one of the pre-conditions you specified did not hold";

  it("If-None-Match: * are written only where there is none", async () => {
    await s3.put("a", "v1", { IfNoneMatch: "*" });
    await denied(s3.put("a", "v2", { IfNoneMatch: "*" }), "PreconditionFailed", 412, failed);
    assert.equal(await s3.get("a"), "v1");
    assert.deepEqual(s3.files(), [2]);
  });

  it("If-None-Match: * are written by one of many at once", async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => s3.put("a", `writer ${index}`, { IfNoneMatch: "*" })),
    );
    assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
    const winner = tries.findIndex(({ status }) => status === "fulfilled");
    assert.equal(await s3.get("a"), `writer ${winner}`);
    assert.deepEqual(s3.files(), [8]);
  });

  it("If-Match are written over only as the one that the writer has read", async () => {
    await denied(s3.put("a", "v1", { IfMatch: etag }), "NoSuchKey", 404);
    await s3.put("a", "v1");
    await s3.put("a", "v2", { IfMatch: etag });
    await denied(s3.put("a", "v3", { IfMatch: etag }), "PreconditionFailed", 412, failed);
    assert.equal(await s3.get("a"), "v2");
  });

  it("If-Match are deleted only as the one that the caller has read", async () => {
    const remove = (IfMatch: string) => s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a", IfMatch }));
    await denied(remove("*"), "NoSuchKey", 404);
    await s3.put("a", "v2");
    await denied(remove(etag), "PreconditionFailed", 412, failed);
    const { Errors } = await s3.client.send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: "a", ETag: etag }] } }),
    );
    assert.deepEqual(
      Errors?.map(({ Key, Code }) => [Key, Code]),
      [["a", "PreconditionFailed"]],
    );
    await remove("*");
    await denied(s3.get("a"), "NoSuchKey", 404);
  });

  it("are not taken for unconditional where S3 knows the condition and the sandbox does not", async () => {
    await denied(
      s3.put("a", "x", { IfNoneMatch: etag }),
      "NotImplemented",
      501,
      /does not serve If-None-Match with an ETag on writes/,
    );
  });

  for (const [condition, outcome] of [
    [{ IfMatch: etag }, "v1"],
    [{ IfMatch: "*" }, "v1"],
    [{ IfMatch: `"other", ${etag}` }, "v1"],
    [{ IfMatch: '"other"' }, 412],
    [{ IfNoneMatch: '"other"' }, "v1"],
    [{ IfNoneMatch: etag }, 304],
    [{ IfModifiedSince: new Date(0) }, "v1"],
    [{ IfModifiedSince: new Date("2100-01-01") }, 304],
    [{ IfUnmodifiedSince: new Date(0) }, 412],
    [{ IfUnmodifiedSince: new Date("2100-01-01") }, "v1"],
    // RFC 9110: the ETag is the better witness, and the date is not looked at.
    [{ IfMatch: etag, IfUnmodifiedSince: new Date(0) }, "v1"],
    [{ IfNoneMatch: etag, IfModifiedSince: new Date(0) }, 304],
  ] as const) {
    it(`${Object.keys(condition).join(" and ")} ${JSON.stringify(Object.values(condition))} are read as ${outcome}`, async () => {
      await s3.put("a", "v1");
      if (typeof outcome === "string") assert.equal(await s3.get("a", condition), outcome);
      else
        await assert.rejects(s3.get("a", condition), ({ $metadata }: { $metadata: { httpStatusCode: number } }) => {
          assert.equal($metadata.httpStatusCode, outcome);
          return true;
        });
    });
  }
});
