import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { BUCKET, denied, S3Fixture } from "./support.ts";

const MIN_PART = 5 * 1024 * 1024;
/** Parts of the smallest size, each of one letter. */
const PARTS = ["a", "b", "c"].map((letter) => Buffer.alloc(MIN_PART, letter));

interface Sent {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

describe("a multipart upload to S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const begin = async (Key = "big", more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> => {
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key, ...more }));
    return UploadId ?? "";
  };
  const part = async (UploadId: string, PartNumber: number, Body: Uint8Array | string, Key = "big"): Promise<Sent> => {
    const { ETag } = await s3.client.send(new UploadPartCommand({ Bucket: BUCKET, Key, UploadId, PartNumber, Body }));
    return { PartNumber, ETag };
  };
  const complete = (UploadId: string, Parts: Sent[], more: Partial<CompleteMultipartUploadCommandInput> = {}) =>
    s3.client.send(
      new CompleteMultipartUploadCommand({ Bucket: BUCKET, Key: "big", UploadId, MultipartUpload: { Parts }, ...more }),
    );
  const abort = (UploadId: string) => s3.client.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: "big", UploadId }));
  const open = async () => (await s3.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))).Uploads ?? [];

  it("makes one object of parts that came in any order, numbered with gaps", async () => {
    const id = await begin("big", { ContentType: "text/plain", Metadata: { of: "upload" } });
    const [last, middle, first] = [
      await part(id, 30, "end"),
      await part(id, 4, PARTS[1] ?? ""),
      await part(id, 2, PARTS[0] ?? ""),
    ];
    await denied(s3.get("big"), "NoSuchKey", 404);
    const done = await complete(id, [first, middle, last]);
    const md5s = [PARTS[0] ?? "", PARTS[1] ?? "", "end"].map((data) => createHash("md5").update(data).digest());
    const etag = `"${createHash("md5").update(Buffer.concat(md5s)).digest("hex")}-3"`;
    assert.equal(done.ETag, etag);
    const got = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big" }));
    const text = (await got.Body?.transformToString()) ?? "";
    assert.equal(text.length, 2 * MIN_PART + 3);
    assert.deepEqual([text[0], text[MIN_PART - 1], text[MIN_PART], text.slice(-4)], ["a", "a", "b", "bend"]);
    assert.deepEqual([got.ETag, got.ContentType, got.Metadata], [etag, "text/plain", { of: "upload" }]);
    assert.deepEqual(await open(), []);
    assert.deepEqual(s3.files(), [3, MIN_PART, MIN_PART]);
  });

  it("is read across its parts, and part by part", async () => {
    const id = await begin();
    const parts = [await part(id, 1, PARTS[0] ?? ""), await part(id, 2, PARTS[1] ?? ""), await part(id, 3, "end")];
    await complete(id, parts);
    assert.equal(await s3.get("big", { Range: `bytes=${MIN_PART - 2}-${MIN_PART + 1}` }), "aabb");
    assert.equal(await s3.get("big", { Range: "bytes=-5" }), "bbend");
    const third = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big", PartNumber: 3 }));
    const end = 2 * MIN_PART;
    assert.equal(await third.Body?.transformToString(), "end");
    assert.deepEqual([third.PartsCount, third.ContentRange], [3, `bytes ${end}-${end + 2}/${end + 3}`]);
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "big", PartNumber: 1 }));
    assert.deepEqual([head.PartsCount, head.ContentLength], [3, MIN_PART]);
  });

  it("is read to its end though it is written over meanwhile", async () => {
    const id = await begin();
    await complete(id, [await part(id, 1, PARTS[0] ?? ""), await part(id, 2, PARTS[1] ?? ""), await part(id, 3, "end")]);
    const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big" }));
    await s3.put("big", "small");
    const text = (await Body?.transformToString()) ?? "";
    assert.deepEqual([text.length, text.slice(-5)], [2 * MIN_PART + 3, "bbend"]);
    while (s3.files().length > 1) await new Promise(setImmediate);
  });

  it("takes a part that is sent again in place of the one before", async () => {
    const id = await begin();
    const first = await part(id, 1, "wrong");
    const second = await part(id, 1, "right");
    assert.deepEqual(s3.files(), [5]);
    await denied(complete(id, [first]), "InvalidPart", 400, /^One or more of the specified parts could not be found/);
    await complete(id, [second]);
    assert.equal(await s3.get("big"), "right");
  });

  it("drops the parts that are not chosen", async () => {
    const id = await begin();
    await part(id, 1, "left out");
    await complete(id, [await part(id, 2, "chosen")]);
    assert.equal(await s3.get("big"), "chosen");
    assert.deepEqual(s3.files(), [6]);
  });

  describe("is not completed, and stays as it is,", () => {
    const inOrder = "The list of parts was not in ascending order. Parts must be ordered by part number.";
    const small = "Your proposed upload is smaller than the minimum allowed size";
    for (const [why, choose, code, message] of [
      ["with parts out of order", ([a, b]: Sent[]) => [b, a], "InvalidPartOrder", inOrder],
      ["with a part named twice", ([a]: Sent[]) => [a, a], "InvalidPartOrder", inOrder],
      [
        "with an ETag that is another part's",
        ([a, b]: Sent[]) => [{ ...a, ETag: b?.ETag }, b],
        "InvalidPart",
        /could not be found/,
      ],
      ["with a part that nobody sent", ([a]: Sent[]) => [a, { PartNumber: 9, ETag: '"x"' }], "InvalidPart", /could not be found/],
      ["with a part before the last that is too small", (parts: Sent[]) => parts, "EntityTooSmall", small],
      ["with no parts", () => [], "MalformedXML", /not well-formed or did not validate/],
    ] as const) {
      it(why, async () => {
        const id = await begin();
        const sent = [await part(id, 1, "one"), await part(id, 2, "two")];
        await denied(complete(id, choose(sent) as Sent[]), code, 400, message);
        assert.deepEqual(s3.files(), [3, 3]);
        await complete(id, sent.slice(1));
        assert.equal(await s3.get("big"), "two");
      });
    }

    it("where its condition does not hold; nothing of it is lost", async () => {
      const id = await begin();
      const sent = [await part(id, 1, "one")];
      await s3.put("big", "already there");
      await denied(complete(id, sent, { IfNoneMatch: "*" }), "PreconditionFailed", 412);
      assert.equal(await s3.get("big"), "already there");
      await complete(id, sent);
      assert.equal(await s3.get("big"), "one");
    });
  });

  it("is completed once, however many ask at once, and loses nothing by it", async () => {
    const id = await begin();
    const sent = [await part(id, 1, PARTS[0] ?? ""), await part(id, 2, "end")];
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => complete(id, sent)));
    assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
    for (const attempt of tries) if (attempt.status === "rejected") assert.equal((attempt.reason as Error).name, "NoSuchUpload");
    assert.equal((await s3.get("big")).length, MIN_PART + 3);
    assert.deepEqual(s3.files(), [3, MIN_PART]);
  });

  it("is gone, with its parts, when it is aborted", async () => {
    const id = await begin();
    const sent = await part(id, 1, "one");
    await abort(id);
    assert.deepEqual([s3.files(), await open()], [[], []]);
    const words =
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
    await denied(abort(id), "NoSuchUpload", 404, words);
    await denied(part(id, 2, "two"), "NoSuchUpload", 404, words);
    await denied(complete(id, [sent]), "NoSuchUpload", 404, words);
    assert.deepEqual(s3.files(), []);
  });

  it("belongs to its key", async () => {
    const id = await begin("one");
    await denied(part(id, 1, "x", "another"), "NoSuchUpload", 404);
  });

  for (const number of [0, 10_001]) {
    it(`has no part ${number}`, async () => {
      const id = await begin();
      await denied(
        part(id, number, "x"),
        "InvalidArgument",
        400,
        "Part number must be an integer between 1 and 10000, inclusive",
      );
    });
  }

  it("lists its parts by number, in pages", async () => {
    const id = await begin();
    for (const number of [10, 2, 1]) await part(id, number, "x".repeat(number));
    const list = (more = {}) => s3.client.send(new ListPartsCommand({ Bucket: BUCKET, Key: "big", UploadId: id, ...more }));
    const { Parts = [], IsTruncated } = await list();
    assert.deepEqual(
      [Parts.map(({ PartNumber, Size }) => [PartNumber, Size]), IsTruncated],
      [
        [
          [1, 1],
          [2, 2],
          [10, 10],
        ],
        false,
      ],
    );
    const first = await list({ MaxParts: 2 });
    assert.deepEqual([first.Parts?.length, first.IsTruncated, first.NextPartNumberMarker], [2, true, "2"]);
    const second = await list({ PartNumberMarker: "2" });
    assert.deepEqual([second.Parts?.map(({ PartNumber }) => PartNumber), second.IsTruncated], [[10], false]);
  });

  it("is listed among the bucket's open ones, by key, in pages and folders", async () => {
    for (const key of ["b/2", "a", "b/1", "c"]) await begin(key);
    const list = (more = {}) => s3.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, ...more }));
    const keys = ({ Uploads = [] }: Awaited<ReturnType<typeof list>>) => Uploads.map(({ Key }) => Key);
    assert.deepEqual(keys(await list()), ["a", "b/1", "b/2", "c"]);
    assert.deepEqual(keys(await list({ Prefix: "b/" })), ["b/1", "b/2"]);
    const folders = await list({ Delimiter: "/" });
    assert.deepEqual([keys(folders), folders.CommonPrefixes], [["a", "c"], [{ Prefix: "b/" }]]);
    const first = await list({ MaxUploads: 3 });
    assert.deepEqual([keys(first), first.IsTruncated], [["a", "b/1", "b/2"], true]);
    const second = await list({ KeyMarker: first.NextKeyMarker, UploadIdMarker: first.NextUploadIdMarker });
    assert.deepEqual([keys(second), second.IsTruncated], [["c"], false]);
  });

  it("does not keep its bucket, which takes it along", async () => {
    const id = await begin();
    await part(id, 1, "one");
    const bucket = s3.api.cloud.world.get("aws:s3/bucket:Bucket", BUCKET);
    assert.ok(bucket);
    await s3.api.stack.delete(bucket);
    assert.deepEqual(s3.files(), []);
    await s3.bucket();
    assert.deepEqual(await open(), []);
    await denied(part(id, 2, "two"), "NoSuchUpload", 404);
  });

  it("cannot copy a part from another object: refused by name", async () => {
    const id = await begin();
    await s3.put("a", "x");
    const copy = new UploadPartCopyCommand({
      Bucket: BUCKET,
      Key: "big",
      UploadId: id,
      PartNumber: 1,
      CopySource: `${BUCKET}/a`,
    });
    await denied(
      s3.client.send(copy),
      "NotImplemented",
      501,
      /does not serve UploadPartCopy; read the object and upload the part$/,
    );
  });

  describe("with checksums", () => {
    const sums = (text: string, algorithm = "sha256") => createHash(algorithm).update(text).digest("base64");
    const whole = async () => {
      const head = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "big", ChecksumMode: "ENABLED" }));
      return [head.ChecksumSHA256 ?? head.ChecksumCRC64NVME ?? head.ChecksumCRC32, head.ChecksumType];
    };

    it("has the checksum of its parts' checksums, and says of how many", async () => {
      const id = await begin("big", { ChecksumAlgorithm: "SHA256" });
      const sent = await part(id, 1, "one");
      const composite = `${createHash("sha256")
        .update(Buffer.from(sums("one"), "base64"))
        .digest("base64")}-1`;
      const wrong = { ...sent, ChecksumSHA256: sums("two") };
      await denied(complete(id, [wrong]), "InvalidPart", 400);
      await denied(
        complete(id, [sent], { ChecksumSHA256: sums("two") }),
        "BadDigest",
        400,
        /The SHA256 you specified did not match/,
      );
      const done = await complete(id, [{ ...sent, ChecksumSHA256: sums("one") } as Sent], { ChecksumSHA256: composite });
      assert.deepEqual([done.ChecksumSHA256, done.ChecksumType], [composite, "COMPOSITE"]);
      assert.deepEqual(await whole(), [composite, "COMPOSITE"]);
    });

    for (const [algorithm, value] of [
      ["CRC32", "y/Q5Jg=="],
      ["CRC64NVME", "rosUhgp5mIg="],
    ] as const) {
      it(`by ${algorithm} of the full object has that of the bytes, as if they came in one piece`, async () => {
        const id = await begin("big", { ChecksumAlgorithm: algorithm, ChecksumType: "FULL_OBJECT" });
        await complete(id, [await part(id, 1, "123456789")]);
        assert.deepEqual(await whole(), [value, "FULL_OBJECT"]);
      });
    }

    for (const [ChecksumAlgorithm, ChecksumType] of [
      ["SHA256", "FULL_OBJECT"],
      ["CRC64NVME", "COMPOSITE"],
    ] as const) {
      it(`cannot have ${ChecksumType} by ${ChecksumAlgorithm}`, () =>
        denied(
          begin("big", { ChecksumAlgorithm, ChecksumType }),
          "InvalidRequest",
          400,
          /checksum type cannot be used with the/,
        ));
    }
  });
});
