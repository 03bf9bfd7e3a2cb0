import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  ListObjectsCommand,
  type ListObjectsCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { BUCKET, denied, S3Fixture } from "./support.ts";

/** A small tree; the order is that of UTF-8 bytes, in which `-` and `.` stand before `/`. */
const KEYS = [
  "a.txt",
  "docs-old/1",
  "docs.txt",
  "docs/1",
  "docs/2",
  "docs/deep/1",
  "docs/deep/2",
  "img/1",
  "zoo",
  "ä/ö",
  "日本/1",
  "💶/1",
];

describe("the objects of a bucket are listed", () => {
  let s3: S3Fixture;
  before(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
    for (const key of KEYS.toReversed()) await s3.put(key, key);
  });
  after(() => s3.end());

  const list = async (more: Partial<ListObjectsV2CommandInput> = {}) => {
    const page = await s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET, ...more }));
    return {
      keys: (page.Contents ?? []).map(({ Key }) => Key),
      prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      page,
    };
  };
  const listOld = async (more: Partial<ListObjectsCommandInput> = {}) => {
    const page = await s3.client.send(new ListObjectsCommand({ Bucket: BUCKET, ...more }));
    return {
      keys: (page.Contents ?? []).map(({ Key }) => Key),
      prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      page,
    };
  };

  it("all, in the order of their bytes in UTF-8, with size, date and ETag", async () => {
    const { keys, page } = await list();
    assert.deepEqual(keys, KEYS);
    assert.deepEqual([page.KeyCount, page.MaxKeys, page.IsTruncated, page.NextContinuationToken], [12, 1000, false, undefined]);
    const [first] = page.Contents ?? [];
    assert.deepEqual(
      [first?.Size, first?.StorageClass, first?.ETag],
      [5, "STANDARD", `"${createHash("md5").update("a.txt").digest("hex")}"`],
    );
    assert.ok(first?.LastModified instanceof Date);
  });

  for (const [prefix, keys] of [
    ["docs", ["docs-old/1", "docs.txt", "docs/1", "docs/2", "docs/deep/1", "docs/deep/2"]],
    ["docs/", ["docs/1", "docs/2", "docs/deep/1", "docs/deep/2"]],
    ["docs/deep/1", ["docs/deep/1"]],
    ["ä", ["ä/ö"]],
    ["💶", ["💶/1"]],
    ["none", []],
    ["%", []],
  ] as const) {
    it(`by the prefix "${prefix}": ${keys.length}`, async () => {
      assert.deepEqual((await list({ Prefix: prefix })).keys, keys);
      assert.deepEqual((await listOld({ Prefix: prefix })).keys, keys);
    });
  }

  for (const [Prefix, Delimiter, keys, prefixes] of [
    ["", "/", ["a.txt", "docs.txt", "zoo"], ["docs-old/", "docs/", "img/", "ä/", "日本/", "💶/"]],
    ["docs/", "/", ["docs/1", "docs/2"], ["docs/deep/"]],
    ["docs", "/", ["docs.txt"], ["docs-old/", "docs/"]],
    ["docs/deep/", "/", ["docs/deep/1", "docs/deep/2"], []],
    ["", "o", ["a.txt", "img/1", "ä/ö", "日本/1", "💶/1"], ["do", "zo"]],
    [
      "",
      "deep/",
      ["a.txt", "docs-old/1", "docs.txt", "docs/1", "docs/2", "img/1", "zoo", "ä/ö", "日本/1", "💶/1"],
      ["docs/deep/"],
    ],
  ] as const) {
    it(`as folders: prefix "${Prefix}", delimiter "${Delimiter}"`, async () => {
      const found = await list({ Prefix, Delimiter });
      assert.deepEqual([found.keys, found.prefixes], [keys, prefixes]);
      assert.equal(found.page.KeyCount, keys.length + prefixes.length);
      const old = await listOld({ Prefix, Delimiter });
      assert.deepEqual([old.keys, old.prefixes], [keys, prefixes]);
    });
  }

  for (const size of [1, 2, 3, 5, 11, 12, 13]) {
    it(`in pages of ${size}, each thing once`, async () => {
      const seen: (string | undefined)[] = [];
      let pages = 0;
      for await (const page of paginateListObjectsV2({ client: s3.client, pageSize: size }, { Bucket: BUCKET, Delimiter: "/" })) {
        const here = [...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)];
        assert.ok(here.length <= size);
        seen.push(...here);
        pages++;
      }
      assert.deepEqual(
        seen.toSorted(),
        ["a.txt", "docs-old/", "docs.txt", "docs/", "img/", "zoo", "ä/", "日本/", "💶/"].toSorted(),
      );
      assert.equal(pages, Math.ceil(9 / size));
    });

    it(`in pages of ${size} of the older form, by the marker that it names`, async () => {
      const seen: (string | undefined)[] = [];
      let Marker: string | undefined = "";
      do {
        const { keys, prefixes, page } = await listOld({ Delimiter: "/", MaxKeys: size, Marker });
        seen.push(...keys, ...prefixes);
        assert.equal(page.IsTruncated, page.NextMarker !== undefined);
        Marker = page.NextMarker;
      } while (Marker !== undefined);
      assert.equal(new Set(seen).size, 9);
      assert.equal(seen.length, 9);
    });
  }

  it("after a key, which need not be there", async () => {
    assert.deepEqual((await list({ StartAfter: "docs/2" })).keys, KEYS.slice(5));
    assert.deepEqual((await list({ StartAfter: "m" })).keys, ["zoo", "ä/ö", "日本/1", "💶/1"]);
    assert.deepEqual((await list({ StartAfter: "docs/1", Delimiter: "/" })).prefixes[0], "docs/");
    assert.deepEqual((await listOld({ Marker: "img/1" })).keys, ["zoo", "ä/ö", "日本/1", "💶/1"]);
  });

  it("none at a time, if nobody wants more", async () => {
    const { keys, page } = await list({ MaxKeys: 0 });
    assert.deepEqual([keys, page.IsTruncated, page.KeyCount], [[], false, 0]);
  });

  it("percent-encoded for who asks, as XML cannot hold every key", async () => {
    const { keys, page } = await list({ Prefix: "ä", EncodingType: "url" });
    assert.deepEqual([keys, page.Prefix], [["%C3%A4/%C3%B6"], "%C3%A4"]);
  });

  it("with their owner, in the older form always", async () => {
    assert.equal((await list()).page.Contents?.[0]?.Owner, undefined);
    assert.deepEqual((await list({ FetchOwner: true })).page.Contents?.[0]?.Owner, { ID: "123456789012" });
    assert.deepEqual((await listOld()).page.Contents?.[0]?.Owner, { ID: "123456789012" });
  });

  it("but not for nonsense", async () => {
    await denied(list({ ContinuationToken: "made-up" }), "InvalidArgument", 400, "The continuation token provided is incorrect");
    await denied(list({ MaxKeys: -1 }), "InvalidArgument", 400, "Provided max-keys not an integer or within integer range");
    await denied(list({ EncodingType: "gzip" as "url" }), "InvalidArgument", 400, "Invalid Encoding Method specified in Request");
    await denied(list({ Bucket: "nowhere" }), "NoSuchBucket", 404);
  });

  it("to who may list the prefix", async () => {
    const listing = {
      Action: "s3:ListBucket",
      Resource: `arn:aws:s3:::${BUCKET}`,
      Condition: { StringLike: { "s3:prefix": "docs/*" } },
    };
    const client = s3.clientOf(await s3.api.roleWith("reader", listing));
    const page = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "docs/deep/" }));
    assert.equal(page.KeyCount, 2);
    await denied(client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "img/" })), "AccessDenied", 403);
    await denied(client.send(new ListObjectsCommand({ Bucket: BUCKET })), "AccessDenied", 403);
  });
});
