import assert from "node:assert/strict";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";
import { faultInBucketName } from "../../../../sandbox/src/services/s3/buckets.ts";
import { policyOf } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { sendSigned } from "../../support/signed.ts";
import { BUCKET, denied, S3Fixture, type } from "./support.ts";

describe("the name of a bucket", () => {
  for (const name of ["abc", "a".repeat(63), "my-bucket", "my.bucket.2", "1st", "a--b", "192.168.5.4.example"]) {
    it(`may be ${name}`, () => {
      assert.equal(faultInBucketName(name), undefined);
    });
  }

  for (const [name, reason] of [
    ["ab", /has 2 characters; 3 to 63 are allowed/],
    ["a".repeat(64), /has 64 characters/],
    ["Shop", /only lowercase letters, digits, dots and hyphens/],
    ["shop_1", /only lowercase letters/],
    ["-shop", /begins and ends with a letter or digit/],
    ["shop.", /begins and ends with a letter or digit/],
    ["shöp", /only lowercase letters/],
    ["sh op", /only lowercase letters/],
    ["a..b", /two dots side by side/],
    ["192.168.5.4", /look like an IP address/],
    ["xn--shop", /what S3 keeps for itself/],
    ["shop-s3alias", /what S3 keeps for itself/],
    ["shop--ol-s3", /what S3 keeps for itself/],
    ["../shop", /only lowercase letters/],
  ] as const) {
    it(`may not be ${name}`, () => {
      assert.match(faultInBucketName(name) ?? "", reason);
    });
  }
});

describe("a bucket of S3", () => {
  let s3: S3Fixture;
  beforeEach(async () => (s3 = await S3Fixture.start()));
  afterEach(() => s3.end());

  const remove = (Bucket = BUCKET) => s3.client.send(new DeleteBucketCommand({ Bucket }));
  const create = (Bucket: string, more: object = {}) =>
    s3.client.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-central-1" }, ...more }),
    );

  it("has the outputs that the provider computes", async () => {
    const { id, outputs } = await s3.bucket({ tags: { app: "shop" } });
    assert.equal(id, BUCKET);
    assert.deepEqual(
      [
        outputs["arn"],
        outputs["bucketDomainName"],
        outputs["bucketRegionalDomainName"],
        outputs["hostedZoneId"],
        outputs["region"],
      ],
      [
        "arn:aws:s3:::shop-objects",
        "shop-objects.s3.amazonaws.com",
        "shop-objects.s3.eu-central-1.amazonaws.com",
        "Z21DNDUVLTQW6Q",
        "eu-central-1",
      ],
    );
  });

  it("is named after its resource where the program gives no name, in small letters", async () => {
    const { id } = await s3.make(type.bucket, {}, "Uploads");
    assert.match(id, /^uploads-[0-9a-f]{7}$/);
  });

  it("is named by its prefix and 26 characters", async () => {
    const { id, outputs } = await s3.make(type.bucket, { bucketPrefix: "shop-" });
    assert.match(id, /^shop-[0-9a-f]{26}$/);
    assert.equal(outputs["arn"], `arn:aws:s3:::${id}`);
    const faults = (inputs: object) => s3.api.stack.faults(type.bucket, "main", inputs as Record<string, string>).join("\n");
    assert.match(faults({ bucketPrefix: "Shop-" }), /^bucketPrefix: .*only lowercase letters/);
    assert.match(faults({ bucketPrefix: "x".repeat(38) }), /has 64 characters/);
    assert.match(faults({ bucketPrefix: "shop-", bucket: "shop" }), /"bucketPrefix" conflicts with "bucket"/);
  });

  it("is refused before it is made for a name that S3 does not take", () => {
    assert.match(s3.api.stack.faults(type.bucket, "main", { bucket: "Shop_1" }).join(), /^bucket: .*only lowercase letters/);
  });

  it("has a name that nobody else has, in any region", async () => {
    await s3.bucket();
    const words = "Your previous request to create the named bucket succeeded and you already own it.";
    await refused(s3.make(type.bucket, { bucket: BUCKET }, "again"), "BucketAlreadyOwnedByYou", words);
    await denied(create(BUCKET), "BucketAlreadyOwnedByYou", 409, words);
  });

  it("is told by the API, with its region", async () => {
    await s3.bucket();
    const head = await s3.client.send(new HeadBucketCommand({ Bucket: BUCKET }));
    assert.equal(head.BucketRegion, "eu-central-1");
    const { LocationConstraint } = await s3.client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    assert.equal(LocationConstraint, "eu-central-1");
    await denied(s3.client.send(new HeadBucketCommand({ Bucket: "nowhere" })), "NotFound", 404);
  });

  describe("that holds objects", () => {
    const words = "The bucket you tried to delete is not empty";
    beforeEach(async () => {
      await s3.bucket();
      await s3.put("a", "text");
    });
    const row = () => {
      const bucket = s3.api.cloud.world.get(type.bucket, BUCKET);
      assert.ok(bucket);
      return bucket;
    };

    it("is not deleted, by the program or by the API, and nothing of it changes", async () => {
      await refused(s3.api.stack.delete(row()), "BucketNotEmpty", words);
      await denied(remove(), "BucketNotEmpty", 409, words);
      assert.equal(await s3.get("a"), "text");
      assert.equal(row().phase, "ready");
    });

    it("is deleted once it is empty", async () => {
      await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "a" }));
      await s3.api.stack.delete(row());
      await denied(s3.get("a"), "NoSuchBucket", 404);
    });

    it("is deleted with them where the program said forceDestroy", async () => {
      const careless = await s3.api.stack.update(row(), "main", { bucket: BUCKET, forceDestroy: true });
      await s3.api.stack.delete(careless);
      assert.deepEqual(s3.files(), []);
    });

    it("is deleted with them when the whole sandbox is given up", async () => {
      s3.api.stack.engine.release();
      await s3.api.stack.delete(row());
      assert.deepEqual(s3.files(), []);
    });

    it("leaves nothing to a bucket that takes its name: no object, version, policy or setting", async () => {
      await s3.versioning("Enabled");
      const statement = { Effect: "Deny", Principal: "*", Action: "s3:PutBucketVersioning", Resource: `arn:aws:s3:::${BUCKET}` };
      await s3.make(type.policy, { bucket: BUCKET, policy: policyOf(statement) });
      await s3.api.stack.delete(await s3.api.stack.update(row(), "main", { bucket: BUCKET, forceDestroy: true }));
      await s3.bucket();
      await denied(s3.get("a"), "NoSuchKey", 404);
      assert.equal((await s3.client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status, undefined);
      await denied(s3.client.send(new GetBucketPolicyCommand({ Bucket: BUCKET })), "NoSuchBucketPolicy", 404);
    });
  });

  describe("made by an API call", () => {
    it("takes objects, and can be imported by a program", async () => {
      await create(BUCKET);
      await s3.put("a", "text");
      const seen = await s3.api.stack.engine.read(type.bucket, BUCKET, REGION);
      assert.deepEqual([seen?.inputs["bucket"], seen?.outputs["arn"]], [BUCKET, `arn:aws:s3:::${BUCKET}`]);
      assert.equal(await s3.api.stack.engine.read(type.bucket, "nowhere", REGION), undefined);
    });

    it("may have object lock, and with it versions", async () => {
      await create(BUCKET, { ObjectLockEnabledForBucket: true });
      assert.equal((await s3.client.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).Status, "Enabled");
    });

    it("is deleted by one, with its uploads", async () => {
      await create(BUCKET);
      await remove();
      await denied(remove(), "NoSuchBucket", 404);
    });

    it("needs a name that S3 takes, no ACL, and its region's endpoint", async () => {
      const invalid = await sendSigned(s3.api.operator, { method: "PUT", path: "/Shop_1" });
      assert.deepEqual([invalid.status, invalid.code], [400, "InvalidBucketName"]);
      await denied(create(BUCKET, { ACL: "public-read" }), "AccessControlListNotSupported", 400);
      const elsewhere = s3.client.send(
        new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
      );
      await denied(elsewhere, "IllegalLocationConstraintException", 400, /^The eu-west-1 location constraint is incompatible/);
      const unspecified = await sendSigned(s3.api.operator, { method: "PUT", path: `/${BUCKET}` });
      assert.deepEqual([unspecified.status, unspecified.code], [400, "IllegalLocationConstraintException"]);
      assert.deepEqual((await s3.client.send(new ListBucketsCommand({}))).Buckets, []);
    });

    it("may be made again in us-east-1 only, where S3 takes that for done", async () => {
      const abroad = s3.clientOf({ ...s3.api.operator, region: "us-east-1" });
      await abroad.send(new CreateBucketCommand({ Bucket: "abroad" }));
      await abroad.send(new CreateBucketCommand({ Bucket: "abroad" }));
      const { LocationConstraint } = await abroad.send(new GetBucketLocationCommand({ Bucket: "abroad" }));
      assert.equal(LocationConstraint, undefined);
    });

    it("needs XML that is whole", async () => {
      for (const body of [
        "<CreateBucketConfiguration>",
        "not xml",
        "<Other/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><CreateBucketConfiguration/>',
      ]) {
        const answer = await sendSigned(s3.api.operator, { method: "PUT", path: `/${BUCKET}`, body: [body] });
        assert.deepEqual([answer.status, answer.code], [400, "MalformedXML"], body);
      }
    });
  });

  it("names what of it the sandbox does not serve", async () => {
    await s3.bucket();
    const words =
      "A header you provided implies functionality that is not implemented: the sandbox does not serve GET bucket acl";
    await denied(s3.client.send(new GetBucketAclCommand({ Bucket: BUCKET })), "NotImplemented", 501, words);
  });
});
