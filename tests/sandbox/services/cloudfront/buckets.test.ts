import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { edgesOf } from "../../../../sandbox/src/services/cloudfront/edges.ts";
import { deliverObject } from "../../../../sandbox/src/services/s3/delivery.ts";
import { listObjects } from "../../../../sandbox/src/services/s3/objects.ts";
import { readBlob } from "../../../../sandbox/src/services/s3/blobs.ts";
import { policyOf } from "../../support/api.ts";
import { CdnFixture, type } from "./support.ts";

describe("buckets behind CloudFront", () => {
  let cdn: CdnFixture;
  beforeEach(async () => {
    cdn = await CdnFixture.start();
    await cdn.stack.create("aws:s3/bucket:Bucket", "assets", { bucket: "assets" });
    await deliverObject(cdn.cloud, "assets", "app/a b.css", Buffer.from("body {}"), "text/css");
  });
  afterEach(() => cdn.end());

  const origin = (inputs: Props = {}): Props => ({
    originId: "app",
    domainName: "assets.s3.eu-central-1.amazonaws.com",
    originPath: "/app",
    ...inputs,
  });
  const controlled = async (): Promise<Resource> => {
    const control = await cdn.stack.create(type.control, "control", {
      name: "control",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    return cdn.distribution({ origins: [origin({ originAccessControlId: control.id })] });
  };
  const letIn = (sourceArn: string, ...statements: object[]): Promise<unknown> => {
    const common = {
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceArn": sourceArn } },
    };
    const policy = policyOf(
      { Action: "s3:GetObject", Resource: "arn:aws:s3:::assets/*", ...common },
      ...statements.map((one) => ({ ...common, ...one })),
    );
    return cdn.stack.create("aws:s3/bucketPolicy:BucketPolicy", "policy", { bucket: "assets", policy });
  };

  it("give what is in them to the distribution that their policy names", async () => {
    const row = await controlled();
    await letIn(text(row.outputs, "arn"));
    const got = await cdn.get(row, "/a%20b.css");
    assert.deepEqual([got.status, got.headers["content-type"], got.body.toString()], [200, "text/css", "body {}"]);
    assert.match(String(got.headers.etag), /^"[0-9a-f]{32}"$/);
    assert.equal((await cdn.get(row, "/a%20b.css")).cache, "Hit");
  });

  it("give nothing to another distribution, nor to one that does not show who it is", async () => {
    const row = await controlled();
    await letIn("arn:aws:cloudfront::123456789012:distribution/EOTHER");
    const denied = await cdn.get(row, "/a%20b.css");
    assert.equal(denied.status, 403);
    assert.match(denied.body.toString(), /<Code>AccessDenied<\/Code>/);
    const open = await cdn.stack.create(type.distribution, "open", { ...row.inputs, origins: [origin()] });
    assert.equal((await cdn.get(open, "/a%20b.css")).status, 403);
  });

  it("say that something is missing only to who may list them", async () => {
    const row = await controlled();
    await letIn(text(row.outputs, "arn"));
    assert.equal((await cdn.get(row, "/missing")).status, 403);
    const bucketPolicy = cdn.cloud.world.all("aws:s3/bucketPolicy:BucketPolicy")[0];
    assert.ok(bucketPolicy);
    await cdn.stack.delete(bucketPolicy);
    await letIn(text(row.outputs, "arn"), { Action: "s3:ListBucket", Resource: "arn:aws:s3:::assets" });
    cdn.cloud.pass(11_000);
    const missing = await cdn.get(row, "/missing");
    assert.equal(missing.status, 404);
    assert.match(missing.body.toString(), /<Code>NoSuchKey<\/Code>/);
  });

  it("get the access log of a distribution, compressed, with a line for each request", async () => {
    const row = await cdn.distribution({ loggingConfig: { bucket: "assets.s3.amazonaws.com", prefix: "logs/" } });
    cdn.origin.says("page", { "cache-control": "max-age=60" });
    await cdn.get(row, "/a?b=c", { headers: { "user-agent": "my agent" } });
    await cdn.get(row, "/a");
    await edgesOf(cdn.cloud).logs.flush();
    const [[key, [version]] = ["", []]] = listObjects(cdn.cloud, "assets", "logs/");
    assert.match(key, new RegExp(`^logs/${row.id}\\.2026-03-01-12\\.[0-9a-f]{8}\\.gz$`));
    assert.ok(version?.blobs[0]);
    const chunks: Buffer[] = [];
    for await (const chunk of readBlob(cdn.cloud.home, version.blobs[0].id, 0, version.size - 1)) chunks.push(chunk as Buffer);
    const [head, fields, first, second] = gunzipSync(Buffer.concat(chunks)).toString().split("\n");
    assert.equal(head, "#Version: 1.0");
    assert.match(fields ?? "", /^#Fields: date time x-edge-location sc-bytes c-ip /);
    const columns = (line: string | undefined): (string | undefined)[] => {
      const parts = (line ?? "").split("\t");
      return [parts[0], parts[1], parts[3], parts[5], parts[7], parts[8], parts[10], parts[11], parts[13]];
    };
    assert.deepEqual(columns(first), ["2026-03-01", "12:00:00", "4", "GET", "/a", "200", "my%20agent", "b=c", "Miss"]);
    assert.deepEqual(columns(second), ["2026-03-01", "12:00:00", "4", "GET", "/a", "200", "-", "-", "Hit"]);
  });

  it("get it as lines of JSON where a delivery leads, without the cookies that people are signed in by", async () => {
    const row = await cdn.distribution();
    const statement = {
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::assets/AWSLogs/*",
      Principal: { Service: "delivery.logs.amazonaws.com" },
    };
    await cdn.stack.create("aws:s3/bucketPolicy:BucketPolicy", "policy", { bucket: "assets", policy: policyOf(statement) });
    const at = { region: "us-east-1", name: "log" };
    const logs = "aws:cloudwatch/logDelivery";
    const resourceArn = text(row.outputs, "arn");
    await cdn.stack.create(`${logs}Source:LogDeliverySource`, "source", { ...at, logType: "ACCESS_LOGS", resourceArn });
    const destination = await cdn.stack.create(`${logs}Destination:LogDeliveryDestination`, "destination", {
      ...at,
      deliveryDestinationConfiguration: { destinationResourceArn: "arn:aws:s3:::assets" },
    });
    const deliveryDestinationArn = text(destination.outputs, "arn");
    const ends = { region: at.region, deliverySourceName: at.name, deliveryDestinationArn };
    await cdn.stack.create(`${logs}:LogDelivery`, "log", ends);
    await cdn.get(row, "/a?b=c", { headers: { cookie: "session=secret" } });
    await edgesOf(cdn.cloud).logs.flush();
    const [[key, [version]] = ["", []]] = listObjects(cdn.cloud, "assets", "AWSLogs/");
    assert.match(key, new RegExp(`^AWSLogs/123456789012/CloudFront/${row.id}\\.2026-03-01-12\\.[0-9a-f]{8}\\.gz$`));
    assert.ok(version?.blobs[0]);
    const file = await buffer(readBlob(cdn.cloud.home, version.blobs[0].id, 0, version.size - 1));
    const lines = gunzipSync(file).toString().trimEnd().split("\n");
    assert.equal(lines.length, 1);
    const record = JSON.parse(lines[0] ?? "") as Record<string, string>;
    assert.deepEqual(
      [record["cs-uri-stem"], record["cs-uri-query"], record["sc-status"], record["x-edge-result-type"], record["cs(Cookie)"]],
      ["/a", "b=c", "200", "Miss", undefined],
    );
  });
});
