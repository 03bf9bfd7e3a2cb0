import assert from "node:assert/strict";
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
