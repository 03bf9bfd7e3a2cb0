import assert from "node:assert/strict";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { refused } from "../../support/refused.ts";
import { REGION } from "../../support/cloud.ts";
import { BUCKET, denied, S3Fixture, type } from "./support.ts";

describe("versions of S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const remove = (Key: string, VersionId?: string) =>
    s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, ...(VersionId === undefined ? {} : { VersionId }) }));
  const list = (more: Partial<ListObjectVersionsCommandInput> = {}) =>
    s3.client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, ...more }));
  /** All versions and markers, newest first for each key, as `key:id`, with `*` on the latest and `!` on markers. */
  const all = async (): Promise<string[]> => {
    const { Versions = [], DeleteMarkers = [] } = await list();
    return [...Versions.map((entry) => [entry, ""] as const), ...DeleteMarkers.map((entry) => [entry, "!"] as const)].map(
      ([{ Key, VersionId, IsLatest }, mark]) => `${Key}:${VersionId}${IsLatest === true ? "*" : ""}${mark}`,
    );
  };
  const status = async () => (await s3.client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status;
  const setStatus = (Status: "Enabled" | "Suspended") =>
    s3.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status } }));

  it("are not kept in a bucket that was never told to", async () => {
    assert.equal(await status(), undefined);
    await s3.put("a", "1");
    await s3.put("a", "2");
    assert.deepEqual(await all(), ["a:null*"]);
    assert.equal(await s3.get("a", { VersionId: "null" }), "2");
  });

  describe("in a bucket with versioning", () => {
    beforeEach(async () => {
      await s3.versioning("Enabled");
    });

    it("are all kept, and each can be read by its id", async () => {
      const { VersionId: one } = await s3.put("a", "1");
      const { VersionId: two } = await s3.put("a", "2");
      assert.match(one ?? "", /^[\w-]{32}$/);
      assert.notEqual(one, two);
      assert.equal(await s3.get("a"), "2");
      assert.equal(await s3.get("a", { VersionId: one }), "1");
      assert.deepEqual(await all(), [`a:${two}*`, `a:${one}`]);
      assert.deepEqual(s3.files(), [1, 1]);
    });

    it("are hidden by a delete marker, and come out again when that is deleted", async () => {
      const { VersionId: one } = await s3.put("a", "1");
      const gone = await remove("a");
      assert.equal(gone.DeleteMarker, true);
      await denied(s3.get("a"), "NoSuchKey", 404);
      assert.equal((await s3.client.send(new ListObjectsV2Command({ Bucket: BUCKET }))).KeyCount, 0);
      assert.equal(await s3.get("a", { VersionId: one }), "1");
      assert.deepEqual(await all(), [`a:${one}`, `a:${gone.VersionId}*!`]);
      await denied(
        s3.get("a", { VersionId: gone.VersionId }),
        "MethodNotAllowed",
        405,
        "The specified method is not allowed against this resource.",
      );
      const back = await remove("a", gone.VersionId);
      assert.deepEqual([back.DeleteMarker, back.VersionId], [true, gone.VersionId]);
      assert.equal(await s3.get("a"), "1");
    });

    it("say so in the answer when a delete marker hides the object", async () => {
      await s3.put("a", "1");
      await remove("a");
      const hidden = s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a" }));
      await assert.rejects(hidden, (error: { $response: { headers: Record<string, string> } }) => {
        assert.equal(error.$response.headers["x-amz-delete-marker"], "true");
        return true;
      });
    });

    it("go for good one by one, with their bytes; the newest left is then the object", async () => {
      const { VersionId: one } = await s3.put("a", "1");
      const { VersionId: two } = await s3.put("a", "22");
      const { VersionId: three } = await s3.put("a", "333");
      await remove("a", three);
      assert.equal(await s3.get("a"), "22");
      await remove("a", one);
      assert.deepEqual([await all(), s3.files()], [[`a:${two}*`], [2]]);
      await denied(s3.get("a", { VersionId: three }), "NoSuchVersion", 404, "The specified version does not exist.");
    });

    it("are deleted many at a time, markers told apart from what they hide", async () => {
      const { VersionId } = await s3.put("a", "1");
      await s3.put("b", "1");
      const { Deleted = [] } = await s3.client.send(
        new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: "a", VersionId }, { Key: "b" }] } }),
      );
      assert.deepEqual(Deleted[0], { Key: "a", VersionId });
      assert.equal(Deleted[1]?.DeleteMarker, true);
      assert.match(Deleted[1].DeleteMarkerVersionId ?? "", /^[\w-]{32}$/);
    });

    it("written before versioning was on have the id null, and stay", async () => {
      await s3.end();
      s3 = await S3Fixture.start();
      await s3.bucket();
      await s3.put("a", "before");
      await s3.versioning("Enabled");
      const { VersionId } = await s3.put("a", "after");
      assert.deepEqual(await all(), [`a:${VersionId}*`, "a:null"]);
      assert.equal(await s3.get("a", { VersionId: "null" }), "before");
    });

    it("are listed in pages that end anywhere, also between versions of one key", async () => {
      const ids: string[] = [];
      for (const key of ["a", "a", "a", "b", "c/1", "c/2"]) ids.push(`${key}:${(await s3.put(key, key)).VersionId}`);
      const marker = `b:${(await remove("b")).VersionId}`;
      for (const MaxKeys of [1, 2, 3, 4, 6]) {
        const seen: string[] = [];
        let next: Partial<ListObjectVersionsCommandInput> = {};
        let truncated = true;
        while (truncated) {
          const page = await list({ MaxKeys, Delimiter: "/", ...next });
          const here = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(
            ({ Key, VersionId }) => `${Key}:${VersionId}`,
          );
          const prefixes = (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? "");
          assert.ok(here.length + prefixes.length <= MaxKeys);
          seen.push(...here, ...prefixes);
          truncated = page.IsTruncated === true;
          next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
        }
        assert.deepEqual(seen.toSorted(), [...ids.slice(0, 4), marker, "c/"].toSorted(), `pages of ${MaxKeys}`);
      }
      await denied(
        list({ VersionIdMarker: "x" }),
        "InvalidArgument",
        400,
        "A version-id marker cannot be specified without a key marker.",
      );
    });

    it("stay, and are written no more, when versioning is suspended", async () => {
      const { VersionId: kept } = await s3.put("a", "kept");
      await setStatus("Suspended");
      assert.equal(await status(), "Suspended");
      const { VersionId } = await s3.put("a", "null 1");
      assert.equal(VersionId, undefined);
      await s3.put("a", "null 2");
      assert.deepEqual(await all(), ["a:null*", `a:${kept}`]);
      await remove("a");
      assert.deepEqual(await all(), [`a:${kept}`, "a:null*!"]);
      assert.equal(await s3.get("a", { VersionId: kept }), "kept");
    });

    it("stay when the program takes its versioning away: a bucket is never without again", async () => {
      const { VersionId: kept } = await s3.put("a", "kept");
      const row = s3.api.cloud.world.get(type.versioning, BUCKET);
      assert.ok(row);
      await s3.api.stack.delete(row);
      assert.equal(await status(), "Suspended");
      await remove("a");
      await s3.put("a", "new");
      assert.equal(await s3.get("a", { VersionId: kept }), "kept");
      await refused(
        s3.make(type.versioning, { bucket: BUCKET, versioningConfiguration: { status: "Disabled" } }),
        "InvalidArgument",
        "versioningConfiguration.status cannot be updated from 'Suspended' to 'Disabled': versioning can be suspended, not undone",
      );
    });

    it("keep the bucket from being deleted, also those that only a delete marker is left of", async () => {
      const { VersionId } = await s3.put("a", "1");
      const { VersionId: marker } = await remove("a");
      await remove("a", VersionId);
      const bucket = s3.api.cloud.world.get(type.bucket, BUCKET);
      assert.ok(bucket);
      const words = "The bucket you tried to delete is not empty. You must delete all versions in the bucket.";
      await refused(s3.api.stack.delete(bucket), "BucketNotEmpty", words);
      await remove("a", marker);
      await s3.api.stack.delete(bucket);
    });
  });

  it("given with the bucket itself cannot be undone either", async () => {
    const bucket = await s3.make(type.bucket, { bucket: "with-versions", versioning: { enabled: true } }, "old-style");
    const { VersionId } = await s3.put("a", "kept", { Bucket: "with-versions" });
    assert.ok(VersionId);
    await s3.api.stack.update(bucket, "old-style", { bucket: "with-versions", versioning: { enabled: false } });
    const { Status } = await s3.client.send(new GetBucketVersioningCommand({ Bucket: "with-versions" }));
    assert.equal(Status, "Suspended");
  });

  it("switched on by an API call are drift that refresh sees and the program may claim", async () => {
    await setStatus("Enabled");
    const seen = await s3.api.stack.engine.read(type.versioning, BUCKET, REGION);
    assert.deepEqual(seen?.inputs["versioningConfiguration"], { status: "Enabled" });
    const claimed = await s3.versioning("Suspended");
    assert.notEqual(claimed.urn, "");
    assert.equal(await status(), "Suspended");
  });

  it("need a status that there is", async () => {
    const none = setStatus("" as "Enabled");
    await denied(none, "IllegalVersioningConfigurationException", 400, "The Versioning element must be specified");
  });

  describe("under object lock", () => {
    const DAY = 24 * 60 * 60 * 1000;
    const lock = (mode: string, days = 10) => s3.make(type.lock, { bucket: BUCKET, rule: { defaultRetention: { mode, days } } });
    const words = "Access Denied because object protected by object lock.";

    it("need versioning first, and keep it", async () => {
      const needed = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
      await refused(lock("GOVERNANCE"), "InvalidBucketState", needed);
      await s3.versioning("Enabled");
      await lock("GOVERNANCE");
      await denied(setStatus("Suspended"), "InvalidBucketState", 409, /^An Object Lock configuration is present on this bucket/);
    });

    it("say how long they are kept, and stay that long; a delete marker is always allowed", async () => {
      await s3.versioning("Enabled");
      await lock("COMPLIANCE");
      const { VersionId } = await s3.put("a", "1");
      const { ObjectLockMode, ObjectLockRetainUntilDate } = await s3.client.send(
        new GetObjectCommand({ Bucket: BUCKET, Key: "a" }),
      );
      assert.equal(ObjectLockMode, "COMPLIANCE");
      const days = ((ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()) / DAY;
      assert.ok(days > 9.9 && days <= 10);
      await denied(remove("a", VersionId), "AccessDenied", 403, words);
      await remove("a");
      assert.equal(await s3.get("a", { VersionId }), "1");
    });

    it("go before their time by who may bypass governance, and by nobody in compliance", async () => {
      await s3.versioning("Enabled");
      const row = await lock("GOVERNANCE");
      const bypass = (VersionId: string | undefined) =>
        s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a", VersionId, BypassGovernanceRetention: true }));
      const { VersionId: governed } = await s3.put("a", "1");
      await denied(remove("a", governed), "AccessDenied", 403, words);
      const own = { Action: "s3:DeleteObject*", Resource: `arn:aws:s3:::${BUCKET}/*` };
      const client = s3.clientOf(await s3.api.roleWith("cleaner", own));
      const command = new DeleteObjectCommand({ Bucket: BUCKET, Key: "a", VersionId: governed, BypassGovernanceRetention: true });
      await denied(client.send(command), "AccessDenied", 403, /not authorized to perform: s3:BypassGovernanceRetention/);
      await bypass(governed);
      await s3.api.stack.update(row, "main", { bucket: BUCKET, rule: { defaultRetention: { mode: "COMPLIANCE", days: 10 } } });
      const { VersionId: complied } = await s3.put("a", "2");
      await denied(bypass(complied), "AccessDenied", 403, words);
    });

    it("outlast forceDestroy in compliance mode, and not in governance mode", async () => {
      await s3.versioning("Enabled");
      await lock("COMPLIANCE");
      await s3.put("a", "1");
      const bucket = s3.api.cloud.world.get(type.bucket, BUCKET);
      assert.ok(bucket);
      const careless = await s3.api.stack.update(bucket, "main", { bucket: BUCKET, forceDestroy: true });
      await refused(s3.api.stack.delete(careless), "AccessDenied", words);
      s3.api.cloud.pass(10 * DAY + 1000);
      await s3.api.stack.delete(careless);
      assert.deepEqual(s3.files(), []);
    });
  });
});
