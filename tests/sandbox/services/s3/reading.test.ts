import assert from "node:assert/strict";
import type { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { sendSigned } from "../../support/signed.ts";
import { BUCKET, denied, S3Fixture } from "./support.ts";

describe("a part of an object of S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
    await s3.put("digits", "0123456789");
  });
  afterEach(() => s3.end());

  const read = (Range: string) => s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "digits", Range }));

  for (const [range, text, shown] of [
    ["bytes=0-0", "0", "bytes 0-0/10"],
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=8-100", "89", "bytes 8-9/10"],
    ["bytes=-100", "0123456789", "bytes 0-9/10"],
  ] as const) {
    it(`is "${text}" for ${range}`, async () => {
      const { $metadata, Body, ContentRange, ContentLength } = await read(range);
      assert.equal($metadata.httpStatusCode, 206);
      assert.equal(await Body?.transformToString(), text);
      assert.deepEqual([ContentRange, ContentLength], [shown, text.length]);
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "digits", Range: range }));
      assert.deepEqual([head.ContentRange, head.ContentLength], [shown, text.length]);
    });
  }

  for (const range of ["bytes=10-", "bytes=10-20", "bytes=-0"]) {
    it(`cannot be ${range}, which is beyond the end`, () =>
      denied(read(range), "InvalidRange", 416, "The requested range is not satisfiable"));
  }

  for (const range of ["lines=1-2", "bytes=a-b", "bytes=-", "bytes=0-1,3-4"]) {
    it(`is the whole for ${range}, which S3 does not read as one range`, async () => {
      const { $metadata, Body, ContentRange } = await read(range);
      assert.deepEqual([$metadata.httpStatusCode, ContentRange], [200, undefined]);
      assert.equal(await Body?.transformToString(), "0123456789");
    });
  }

  it("cannot be had of an empty object", async () => {
    await s3.put("empty", new Uint8Array());
    const range = s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "empty", Range: "bytes=0-0" }));
    await denied(range, "InvalidRange", 416);
  });

  it("may be given by part number; an object put whole is one part", async () => {
    const part = (PartNumber: number, more = {}) =>
      s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "digits", PartNumber, ...more }));
    const first = await part(1);
    assert.deepEqual([first.$metadata.httpStatusCode, first.ContentRange, first.PartsCount], [206, "bytes 0-9/10", undefined]);
    assert.equal(await first.Body?.transformToString(), "0123456789");
    await denied(part(2), "InvalidPartNumber", 416, "The requested partnumber is not satisfiable");
    await denied(
      part(1, { Range: "bytes=0-1" }),
      "InvalidRequest",
      400,
      "Cannot specify both Range header and partNumber query parameter",
    );
  });

  it("carries no checksum, which would be of the whole", async () => {
    const { ChecksumCRC32 } = await s3.client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: "digits", ChecksumMode: "ENABLED" }),
    );
    assert.equal(ChecksumCRC32, "poTHxg==");
    assert.equal((await read("bytes=0-1")).ChecksumCRC32, undefined);
  });
});

describe("an object of S3 that is being read", () => {
  const SIZE = 8 * 1024 * 1024;
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
    await s3.put("big", new Uint8Array(SIZE).fill(7));
  });
  afterEach(() => s3.end());

  /** Reads up to the first bytes, does something, then reads the rest. */
  async function readAround(work: () => Promise<unknown>): Promise<{ first: number; last: number; size: number }> {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big" }));
    const chunks: Uint8Array[] = [];
    let worked = false;
    for await (const chunk of Body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      if (!worked) await work();
      worked = true;
    }
    const whole = Buffer.concat(chunks);
    return { first: whole[0] ?? 0, last: whole.at(-1) ?? 0, size: whole.length };
  }

  it("stays whole to its end when it is written over, and its file goes when the reader has ended", async () => {
    const read = await readAround(async () => {
      await s3.put("big", "small");
      assert.deepEqual(s3.files(), [5, SIZE]);
    });
    assert.deepEqual(read, { first: 7, last: 7, size: SIZE });
    await fileCount(1);
  });

  it("stays whole to its end when its bucket goes", async () => {
    const read = await readAround(async () => {
      const bucket = s3.api.cloud.world.get("aws:s3/bucket:Bucket", BUCKET);
      assert.ok(bucket);
      await s3.api.stack.delete(await s3.api.stack.update(bucket, "main", { bucket: BUCKET, forceDestroy: true }));
    });
    assert.equal(read.size, SIZE);
  });

  it("is not held by a reader who went away", async () => {
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big" }));
    (Body as Readable).destroy();
    await s3.put("big", "small");
    await fileCount(1);
    assert.deepEqual(s3.api.cloud.notes, []);
  });

  it("answers HEAD without opening its file", async () => {
    const { status, headers, body } = await sendSigned(s3.api.operator, { method: "HEAD", path: `/${BUCKET}/big` });
    assert.deepEqual([status, headers["content-length"], body], [200, String(SIZE), ""]);
  });

  /** The file of a reader goes a moment after the reader's last byte, or after the server learns that the reader has gone. */
  async function fileCount(wanted: number): Promise<void> {
    while (s3.files().length !== wanted) await new Promise(setImmediate);
  }
});
