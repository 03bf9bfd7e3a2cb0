import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { sendSigned } from "../../support/signed.ts";
import { BUCKET, denied, S3Fixture } from "./support.ts";

describe("objects of S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const head = (Key: string, more: object = {}) => s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key, ...more }));

  it("come back as they were put, with the MD5 of their bytes as ETag", async () => {
    const put = await s3.put("hello.txt", "hello");
    assert.equal(put.ETag, '"5d41402abc4b2a76b9719d911017c592"');
    assert.equal(put.ServerSideEncryption, "AES256");
    assert.equal(put.VersionId, undefined);
    const got = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "hello.txt" }));
    assert.equal(await got.Body?.transformToString(), "hello");
    assert.equal(got.ETag, put.ETag);
    assert.equal(got.ContentLength, 5);
    assert.equal(got.AcceptRanges, "bytes");
    assert.equal(got.LastModified?.getTime(), Math.floor((got.LastModified?.getTime() ?? 0) / 1000) * 1000);
  });

  it("may be empty", async () => {
    const put = await s3.put("empty", new Uint8Array());
    assert.equal(put.ETag, '"d41d8cd98f00b204e9800998ecf8427e"');
    assert.equal(await s3.get("empty"), "");
    assert.equal((await head("empty")).ContentLength, 0);
  });

  it("hold any bytes", async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    await s3.put("bytes", bytes);
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "bytes" }));
    assert.deepEqual(await Body?.transformToByteArray(), bytes);
  });

  it("keep what their writer says about them, and only that", async () => {
    const said = {
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      ContentType: "text/plain; charset=utf-8",
      ExpiresString: "Thu, 01 Jan 2026 00:00:00 GMT",
      Metadata: { owner: "shop", "long-name": "a value, with commas" },
      StorageClass: "STANDARD_IA" as const,
      WebsiteRedirectLocation: "/other",
    };
    const { ExpiresString, ...input } = said;
    await s3.put("a.txt", "a", { ...input, Expires: new Date(ExpiresString) });
    const got = await head("a.txt");
    const shown = Object.fromEntries(Object.keys(said).map((name) => [name, got[name as keyof typeof got]]));
    assert.deepEqual(shown, said);
  });

  it("have the type binary/octet-stream, no metadata and the standard class unless their writer says otherwise", async () => {
    const raw = { method: "PUT", path: `/${BUCKET}/plain`, headers: { "content-length": "1" }, body: ["x"] };
    assert.equal((await sendSigned(s3.api.operator, raw)).status, 200);
    const got = await head("plain");
    assert.deepEqual(
      [got.ContentType, got.Metadata, got.StorageClass, got.CacheControl],
      ["binary/octet-stream", {}, undefined, undefined],
    );
  });

  it("are written over by the next put, which leaves nothing of the one before", async () => {
    await s3.put("a", "first", { Metadata: { of: "first" } });
    await s3.put("a", "second!");
    assert.equal(await s3.get("a"), "second!");
    assert.deepEqual((await head("a")).Metadata, {});
    assert.deepEqual(s3.files(), [7]);
  });

  it("answer a reader who chooses the headers of the answer", async () => {
    await s3.put("a.txt", "a", { ContentType: "text/plain" });
    const got = await s3.client.send(
      new GetObjectCommand({
        Bucket: BUCKET,
        Key: "a.txt",
        ResponseContentType: "application/json",
        ResponseContentDisposition: "inline",
        ResponseCacheControl: "no-store",
      }),
    );
    assert.deepEqual([got.ContentType, got.ContentDisposition, got.CacheControl], ["application/json", "inline", "no-store"]);
  });

  describe("deleted", () => {
    it("are gone, with their bytes, and deleting one that is not there is fine", async () => {
      await s3.put("a", "x");
      const gone = await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a" }));
      assert.deepEqual([gone.DeleteMarker, gone.VersionId], [undefined, undefined]);
      await denied(s3.get("a"), "NoSuchKey", 404, "The specified key does not exist.");
      await denied(head("a"), "NotFound", 404, /./);
      assert.deepEqual(s3.files(), []);
      await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a" }));
    });

    it("many at a time, keys to the letter: with signs of XML, spaces at the ends and line ends", async () => {
      const keys = ["a&b", "<c>", ' "d" ', "  e  ", "f\rg\nh", "0042", "1e3", "true", "&amp;", "&#38;", "ü/💶"];
      for (const key of keys) await s3.put(key, key);
      const { Deleted, Errors } = await s3.client.send(
        new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: keys.map((Key) => ({ Key })) } }),
      );
      assert.deepEqual(
        Deleted?.map(({ Key }) => Key),
        keys,
      );
      assert.equal(Errors, undefined);
      const { KeyCount } = await s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      assert.equal(KeyCount, 0);
    });

    it("a thousand at a time, and no more", async () => {
      const remove = (count: number) => {
        const Objects = Array.from({ length: count }, (_, index) => ({ Key: `${"&".repeat(120)}${index}` }));
        return s3.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects, Quiet: true } }));
      };
      assert.equal((await remove(1000)).Deleted, undefined);
      await denied(remove(1001), "MalformedXML", 400, /not well-formed or did not validate/);
    });
  });

  describe("under a condition", () => {
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

  describe("may have any key", () => {
    const keys = [
      "plain.txt",
      "with space and + and %20",
      "Grüße/日本語/💶.txt",
      "quote'\"<>&;",
      "trailing/",
      "/leading",
      "//",
      "a//b",
      "a/./b",
      "..",
      "../../etc/passwd",
      "../../../../../../tmp/escaped",
      "a/../../b",
      "\\..\\windows",
      "%2e%2e%2fencoded",
      "C:/drive",
      "con",
      "line\nend",
      "tab\there",
      "-rf",
      "~",
      "?versionId=1#fragment",
      "x".repeat(1024),
      "ü".repeat(512),
    ];

    it("and each is its own object", async () => {
      for (const key of keys) await s3.put(key, `content of ${key}`);
      for (const key of keys) assert.equal(await s3.get(key), `content of ${key}`);
      const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      const bytes = (text: string) => Buffer.from(text);
      assert.deepEqual(
        Contents.map(({ Key }) => Key),
        keys.toSorted((a, b) => Buffer.compare(bytes(a), bytes(b))),
      );
    });

    it("and none of them names a file outside the sandbox's folder, or even inside it", async () => {
      const besides = (): string[] =>
        readdirSync(s3.api.cloud.home)
          .filter((name) => name !== "objects")
          .sort();
      const before = besides();
      for (const key of keys) await s3.put(key, "x");
      assert.deepEqual(besides(), before);
      for (const escaped of ["../escaped", "../../tmp/escaped", "/tmp/escaped"]) {
        assert.ok(!existsSync(resolve(s3.api.cloud.home, "objects", escaped)));
      }
      const files = readdirSync(join(s3.api.cloud.home, "objects"), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      assert.equal(files.length, keys.length);
      for (const { name } of files) assert.match(name, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    });

    it("but one longer than 1024 bytes", async () => {
      await denied(s3.put(`${"ü".repeat(512)}x`, "x"), "KeyTooLongError", 400, "Your key is too long");
    });
  });

  describe("are refused", () => {
    it("with more than 2 KB of metadata", async () => {
      const metadata = (size: number) => ({ Metadata: { k: "x".repeat(size - 1) } });
      await s3.put("a", "x", metadata(2048));
      await denied(
        s3.put("b", "x", metadata(2049)),
        "MetadataTooLarge",
        400,
        "Your metadata headers exceed the maximum allowed metadata size",
      );
    });

    it("where there is no bucket", async () => {
      const nowhere = { Bucket: "nowhere", Key: "a" };
      await denied(
        s3.client.send(new PutObjectCommand({ ...nowhere, Body: "x" })),
        "NoSuchBucket",
        404,
        "The specified bucket does not exist",
      );
      await denied(s3.client.send(new GetObjectCommand(nowhere)), "NoSuchBucket", 404);
      await denied(s3.client.send(new DeleteObjectCommand(nowhere)), "NoSuchBucket", 404);
    });

    for (const [what, more, code, status, message] of [
      [
        "a storage class that is none",
        { StorageClass: "COLD" },
        "InvalidStorageClass",
        400,
        /The storage class you specified is not valid: COLD/,
      ],
      [
        "an archive, which would have to be restored",
        { StorageClass: "GLACIER" },
        "NotImplemented",
        501,
        /the storage class GLACIER/,
      ],
      [
        "an encryption that is none",
        { ServerSideEncryption: "rot13" },
        "InvalidArgument",
        400,
        /encryption method specified is not supported: rot13/,
      ],
      ["tags, which the sandbox does not keep", { Tagging: "a=b" }, "NotImplemented", 501, /does not serve x-amz-tagging$/],
      [
        "an ACL, which the bucket does not allow",
        { ACL: "public-read" },
        "AccessControlListNotSupported",
        400,
        "The bucket does not allow ACLs",
      ],
      ["the bucket of another account", { ExpectedBucketOwner: "210987654321" }, "AccessDenied", 403, "Access Denied"],
      ["a grant", { GrantRead: "id=1" }, "NotImplemented", 501, /does not serve x-amz-grant-read$/],
      [
        "a lock of their own",
        { ObjectLockLegalHoldStatus: "ON" },
        "NotImplemented",
        501,
        /does not serve x-amz-object-lock-legal-hold$/,
      ],
    ] as const) {
      it(`with ${what}, and nothing is left of them`, async () => {
        await denied(s3.put("a", "x", more as object), code, status, message);
        assert.deepEqual(s3.files(), []);
      });
    }

    it("without their size", async () => {
      const { status, code } = await sendSigned(s3.api.operator, { method: "PUT", path: `/${BUCKET}/a`, body: ["x"] });
      assert.deepEqual([status, code], [411, "MissingContentLength"]);
    });
  });
});
