import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { checksumNamed } from "../../../../sandbox/src/services/s3/checksums.ts";
import { type RawAnswer, sendSigned } from "../../support/signed.ts";
import { BUCKET, denied, S3Fixture } from "./support.ts";

/** Of the nine bytes `123456789`, in base64. The CRCs are the check values of the CRC catalogue (reveng.sourceforge.io/crc-catalogue). */
const CHECK_VALUES = {
  CRC32: Buffer.from("cbf43926", "hex").toString("base64"),
  CRC32C: Buffer.from("e3069283", "hex").toString("base64"),
  CRC64NVME: Buffer.from("ae8b14860a799888", "hex").toString("base64"),
  MD5: createHash("md5").update("123456789").digest("base64"),
  SHA1: createHash("sha1").update("123456789").digest("base64"),
  SHA256: createHash("sha256").update("123456789").digest("base64"),
  SHA512: createHash("sha512").update("123456789").digest("base64"),
} as const;

describe("a checksum", () => {
  for (const [algorithm, value] of Object.entries(CHECK_VALUES)) {
    it(`by ${algorithm} of 123456789 is ${value}, in one piece or nine`, () => {
      const whole = checksumNamed(algorithm);
      whole.update(Buffer.from("123456789"));
      assert.equal(whole.digest(), value);
      const pieces = checksumNamed(algorithm.toLowerCase());
      for (const digit of "123456789") pieces.update(Buffer.from(digit));
      assert.equal(pieces.digest(), value);
    });
  }

  for (const name of ["xxhash3", "constructor", ""]) {
    it(`by "${name}" is none that the sandbox computes`, () => {
      assert.throws(() => checksumNamed(name), {
        code: "InvalidRequest",
        message: /it computes CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512\.$/,
      });
    });
  }
});

describe("an upload to S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const raw = (headers: Record<string, string>, body: readonly (string | Uint8Array)[], payload?: string): Promise<RawAnswer> =>
    sendSigned(s3.api.operator, {
      method: "PUT",
      path: `/${BUCKET}/a`,
      headers,
      body,
      ...(payload === undefined ? {} : { payload }),
    });
  const size = (body: readonly string[]): Record<string, string> => ({
    "content-length": String(Buffer.byteLength(body.join(""))),
  });

  for (const [algorithm, value] of Object.entries(CHECK_VALUES)) {
    it(`with ${algorithm} keeps it, and tells it to a reader who asks`, async () => {
      const answer = await raw({ "content-length": "9", [`x-amz-checksum-${algorithm.toLowerCase()}`]: value }, ["123456789"]);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers[`x-amz-checksum-${algorithm.toLowerCase()}`], value);
      const asked = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a", ChecksumMode: "ENABLED" }));
      assert.deepEqual([asked[`Checksum${algorithm}` as "ChecksumCRC32"], asked.ChecksumType], [value, "FULL_OBJECT"]);
      const plain = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a" }));
      assert.equal(plain[`Checksum${algorithm}` as "ChecksumCRC32"], undefined);
    });

    it(`whose ${algorithm} is another's is refused, and leaves nothing`, async () => {
      const answer = await raw({ "content-length": "9", [`x-amz-checksum-${algorithm.toLowerCase()}`]: value }, ["123456780"]);
      assert.deepEqual([answer.status, answer.code], [400, "BadDigest"]);
      assert.match(answer.body, new RegExp(`The ${algorithm} you specified did not match the calculated checksum\\.`));
      assert.deepEqual(s3.files(), []);
    });
  }

  for (const algorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"] as ChecksumAlgorithm[]) {
    it(`is proved by the SDK with ${algorithm}, as a buffer and as a stream`, async () => {
      await s3.put("buffer", "123456789", { ChecksumAlgorithm: algorithm });
      await s3.put("stream", Readable.from(["1234", "56789"]), { ChecksumAlgorithm: algorithm, ContentLength: 9 });
      for (const Key of ["buffer", "stream"]) {
        // The SDK computes the checksum of what it receives, and throws if it is not the one it was told.
        const got = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ChecksumMode: "ENABLED" }));
        assert.equal(await got.Body?.transformToString(), "123456789");
        assert.equal(
          got[`Checksum${algorithm as keyof typeof CHECK_VALUES}`],
          CHECK_VALUES[algorithm as keyof typeof CHECK_VALUES],
        );
      }
    });
  }

  it("with a Content-MD5 is proved by that too", async () => {
    const md5 = (text: string): Record<string, string> => ({ "content-md5": createHash("md5").update(text).digest("base64") });
    assert.equal((await raw({ ...size(["text"]), ...md5("text") }, ["text"])).status, 200);
    const refused = await raw({ ...size(["text"]), ...md5("other") }, ["text"]);
    assert.deepEqual([refused.status, refused.code], [400, "BadDigest"]);
    assert.match(refused.body, /The Content-MD5 you specified did not match what we received\./);
    assert.equal(await s3.get("a"), "text");
  });

  it("is refused if its bytes are not those that were signed", async () => {
    const signed = createHash("sha256").update("signed").digest("hex");
    const refused = await raw(size(["forged"]), ["forged"], signed);
    assert.deepEqual([refused.status, refused.code], [400, "XAmzContentSHA256Mismatch"]);
    assert.deepEqual(s3.files(), []);
  });

  it("with a checksum that the sandbox does not compute is refused by name", async () => {
    const refused = await raw({ ...size(["x"]), "x-amz-checksum-xxhash64": "AAAAAAAAAAA=" }, ["x"]);
    assert.deepEqual([refused.status, refused.code], [400, "InvalidRequest"]);
  });

  describe("in aws-chunked encoding", () => {
    const TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    const chunked = (body: readonly string[], headers: Record<string, string> = {}): Promise<RawAnswer> =>
      raw({ ...size(body), "content-encoding": "aws-chunked", "x-amz-decoded-content-length": "9", ...headers }, body, TRAILER);
    const crc32 = { "x-amz-trailer": "x-amz-checksum-crc32" };
    const crcLine = `x-amz-checksum-crc32:${CHECK_VALUES.CRC32}\r\n\r\n`;

    it("comes apart again, whatever the pieces it is sent in", async () => {
      const body = `4\r\n1234\r\n5;chunk-signature=ignored\r\n56789\r\n0\r\n${crcLine}`;
      for (const pieces of [[body], Array.from(body)]) {
        assert.equal((await chunked(pieces, crc32)).status, 200);
        const got = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "a", ChecksumMode: "ENABLED" }));
        assert.equal(await got.Body?.transformToString(), "123456789");
        assert.deepEqual([got.ContentEncoding, got.ChecksumCRC32, got.ContentLength], [undefined, CHECK_VALUES.CRC32, 9]);
      }
    });

    it("keeps the encodings that are the object's own", async () => {
      await chunked([`9\r\n123456789\r\n0\r\n${crcLine}`], { ...crc32, "content-encoding": "gzip, aws-chunked" });
      const { ContentEncoding } = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a" }));
      assert.equal(ContentEncoding, "gzip");
    });

    for (const [what, body, headers, code] of [
      ["ends before its last chunk", "9\r\n123456789\r\n", {}, "IncompleteBody"],
      ["ends inside a chunk", "9\r\n12345", {}, "IncompleteBody"],
      ["has a chunk longer than it says", "4\r\n123456789\r\n0\r\n\r\n", {}, "IncompleteBody"],
      ["says a size that is none", "nine\r\n123456789\r\n0\r\n\r\n", {}, "IncompleteBody"],
      ["holds fewer bytes than announced", "4\r\n1234\r\n0\r\n\r\n", {}, "IncompleteBody"],
      ["holds more bytes than announced", "a\r\n1234567890\r\n0\r\n\r\n", {}, "IncompleteBody"],
      ["is not chunked at all", "123456789", {}, "IncompleteBody"],
      ["announces a checksum and sends none", "9\r\n123456789\r\n0\r\n\r\n", crc32, "BadDigest"],
      ["carries a wrong checksum", "9\r\n123456780\r\n0\r\n" + crcLine, crc32, "BadDigest"],
    ] as const) {
      it(`is refused where it ${what}, in words, and leaves nothing`, async () => {
        const answer = await chunked([body], headers);
        assert.deepEqual([answer.status, answer.code], [400, code]);
        assert.deepEqual(s3.files(), []);
        assert.deepEqual(s3.api.cloud.notes, []);
      });
    }

    it("with signed chunks is refused by name: the sandbox does not check them", async () => {
      const answer = await raw(
        { ...size(["x"]), "x-amz-decoded-content-length": "1" },
        ["x"],
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      );
      assert.deepEqual([answer.status, answer.code], [501, "NotImplemented"]);
      assert.match(answer.body, /x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD/);
    });
  });

  it("that says it is larger than 5 GB is refused before it is sent", async () => {
    const answer = await raw({ "content-length": String(5 * 1024 ** 3 + 1) }, []);
    assert.deepEqual([answer.status, answer.code], [400, "EntityTooLarge"]);
  });

  it("that breaks off leaves nothing, and the object as it was", async () => {
    await s3.put("a", "before");
    const endless = new Readable({ read: () => undefined });
    endless.push("half of it");
    const client = new AbortController();
    const command = new PutObjectCommand({ Bucket: BUCKET, Key: "a", Body: endless, ContentLength: 1_000_000 });
    const upload = s3.client.send(command, { abortSignal: client.signal });
    while (s3.files().length < 2) await new Promise(setImmediate);
    client.abort();
    await assert.rejects(upload, { name: "AbortError" });
    while (s3.files().length > 1) await new Promise(setImmediate);
    assert.equal(await s3.get("a"), "before");
    assert.deepEqual(s3.api.cloud.notes, []);
  });

  it("answers a wrong digest of a listing of keys as well", async () => {
    const body = "<Delete><Object><Key>a</Key></Object></Delete>";
    const signed = createHash("sha256").update("another").digest("hex");
    const answer = await sendSigned(s3.api.operator, {
      method: "POST",
      path: `/${BUCKET}`,
      query: { delete: "" },
      body: [body],
      payload: signed,
    });
    assert.deepEqual([answer.status, answer.code], [400, "XAmzContentSHA256Mismatch"]);
    await denied(s3.get("a"), "NoSuchKey", 404);
  });
});
