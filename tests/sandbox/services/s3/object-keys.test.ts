import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { BUCKET, denied, S3Fixture } from "./support.ts";

describe("objects of S3 may have any key", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

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
