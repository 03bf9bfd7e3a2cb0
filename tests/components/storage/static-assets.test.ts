import assert from "node:assert/strict";
import { StaticAssets } from "../../../components/index.ts";
import { only, record, run } from "../../support/record.ts";
import { tags } from "../examples.ts";

const assets = (protect?: boolean) =>
  record(() => new StaticAssets("files", { tags, ...(protect !== undefined && { protect }) }));

describe("StaticAssets", () => {
  it("is a closed, versioned, encrypted bucket that holds only copies", async () => {
    const resources = await assets();
    const inputs = (name: string) => only(resources, name).inputs;
    assert.deepEqual(inputs("files-bucket"), { forceDestroy: false, tags: { "platform:name": "test", "platform:data": "copy" } });
    assert.equal(only(resources, "files-bucket").protect, true);
    assert.deepEqual(inputs("files-closed"), {
      bucket: "files-bucket-id",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(inputs("files-versions")["versioningConfiguration"], { status: "Enabled" });
    assert.deepEqual(inputs("files-encryption")["rules"], [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    assert.equal(resources.length, 8);
  });

  it("is asked with signed requests only", async () => {
    assert.deepEqual(only(await assets(), "files-access").inputs, {
      description: "Signs what the network asks of the bucket",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
  });

  it("goes with all its files once protect is false", async () => {
    const bucket = only(await assets(false), "files-bucket");
    assert.deepEqual([bucket.protect, bucket.inputs["forceDestroy"]], [false, true]);
  });

  it("refuses to forget old versions at once", async () => {
    await assert.rejects(
      record(() => new StaticAssets("files", { tags, oldVersionDays: 0 })),
      /oldVersionDays is 0; allowed: 1 to 3650/,
    );
  });

  it("gives the name by which the network reaches it", async () => {
    const { result } = await run(() => new StaticAssets("files", { tags }).domainName);
    assert.equal(result, "files-bucket-0123456.s3.eu-central-1.amazonaws.com");
  });
});
