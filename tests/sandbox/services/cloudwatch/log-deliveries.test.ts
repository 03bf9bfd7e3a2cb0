import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { DISTRIBUTION } from "../../../../sandbox/src/services/cloudfront/names.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { deliverRecords } from "../../../../sandbox/src/services/cloudwatch/log-deliveries.ts";
import { readBlob } from "../../../../sandbox/src/services/s3/blobs.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { currentVersion, listObjects } from "../../../../sandbox/src/services/s3/objects.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
const DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery";
const BUCKET = "our-logs";
const CDN = "arn:aws:cloudfront::123456789012:distribution/E1ABC";
const EDGE = "us-east-1";

describe("deliveries of logs of the sandbox", () => {
  let cloud: TestCloud;
  let stack: Stack;
  let distribution: Resource;
  beforeEach(async () => {
    cloud = testCloud();
    stack = new Stack(cloud, [...cloudwatchDefinitions, ...s3Definitions]);
    distribution = cloud.world.put({
      type: DISTRIBUTION,
      id: "E1ABC",
      urn: "",
      region: "eu-central-1",
      inputs: {},
      outputs: { arn: CDN },
      phase: "ready",
      claimed: true,
    });
    await stack.create("aws:s3/bucket:Bucket", "logs", { bucket: BUCKET });
  });
  afterEach(() => cloud.end());

  const open = (folder = "AWSLogs/123456789012"): Promise<Resource> => {
    const statement = {
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${BUCKET}/${folder}/*`,
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:delivery-source:*" } },
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    return stack.create("aws:s3/bucketPolicy:BucketPolicy", "open", { bucket: BUCKET, policy });
  };
  const source = (inputs: Props = {}): Promise<Resource> =>
    stack.create(SOURCE, "source", { name: "cdn", logType: "ACCESS_LOGS", resourceArn: CDN, region: EDGE, ...inputs });
  const to = (bucket = BUCKET): Props => ({
    deliveryDestinationConfiguration: { destinationResourceArn: `arn:aws:s3:::${bucket}` },
  });
  const destination = (inputs: Props = {}): Promise<Resource> =>
    stack.create(DESTINATION, "destination", { name: "cdn", outputFormat: "json", region: EDGE, ...to(), ...inputs });
  const deliver = async (inputs: Props = {}): Promise<Resource> => {
    const [from, where] = [await source(), await destination()];
    const deliveryDestinationArn = text(where.outputs, "arn");
    return stack.create(DELIVERY, "log", { deliverySourceName: from.id, deliveryDestinationArn, region: EDGE, ...inputs });
  };
  const asked = (path: string): Record<string, string> => ({ "cs-uri-stem": path, "sc-status": "200" });
  const files = (): string[] => listObjects(cloud, BUCKET).map(([key]) => key);

  it("have what the provider computes", async () => {
    await open();
    const made = await deliver();
    assert.match(text(made.outputs, "arn"), /^arn:aws:logs:us-east-1:123456789012:delivery:[0-9a-f]{16}$/);
    assert.deepEqual(made.outputs["s3DeliveryConfigurations"], [
      { enableHiveCompatiblePath: false, suffixPath: "AWSLogs/{account-id}/CloudFront/" },
    ]);
  });

  it("write a compressed file of JSON lines below the account's folder", async () => {
    await open();
    await deliver();
    const until = Date.parse("2026-03-01T12:05:00Z");
    assert.equal(await deliverRecords(cloud, distribution, [asked("/"), asked("/assets/a.css")], until), 1);
    const [key = "", ...others] = files();
    assert.match(key, /^AWSLogs\/123456789012\/CloudFront\/E1ABC\.2026-03-01-12\.[0-9a-f]{8}\.gz$/);
    assert.deepEqual(others, []);
    const [blob] = currentVersion(cloud, BUCKET, key)?.blobs ?? [];
    assert.ok(blob);
    const content = gunzipSync(await buffer(readBlob(cloud.home, blob.id, 0, blob.size - 1))).toString();
    assert.equal(content, '{"cs-uri-stem":"/","sc-status":"200"}\n{"cs-uri-stem":"/assets/a.css","sc-status":"200"}\n');
  });

  it("write the fields that are asked for, and a path of one's own", async () => {
    await open();
    await deliver({
      recordFields: ["sc-status", "x-edge-location"],
      s3DeliveryConfigurations: [{ suffixPath: "AWSLogs/{yyyy}/{DistributionId}" }],
    });
    await deliverRecords(cloud, distribution, [asked("/")], Date.parse("2026-03-01T12:05:00Z"));
    assert.match(files()[0] ?? "", /^AWSLogs\/2026\/E1ABC\/E1ABC\./);
  });

  it("write nothing for a resource without a delivery", async () => {
    assert.equal(await deliverRecords(cloud, distribution, [asked("/")], cloud.now()), 0);
  });

  it("are refused where the bucket does not let the service in", async () => {
    const words = `Access denied for the bucket our-logs: its policy does not let delivery.logs.amazonaws.com write for arn:aws:logs:us-east-1:123456789012:delivery-source:cdn`;
    await open("elsewhere");
    await refused(deliver(), "AccessDeniedException", words);
  });

  it("are told of in us-east-1, as all of CloudFront is", async () => {
    await refused(
      source({ region: "eu-central-1" }),
      "ValidationException",
      "Delivery sources of CloudFront are made in us-east-1, not in eu-central-1",
    );
  });

  it("come from a distribution that is there, once", async () => {
    await refused(source({ resourceArn: `${CDN}D` }), "ResourceNotFoundException", `Could not find the distribution ${CDN}D`);
    await source();
    await refused(
      source({ name: "again" }),
      "ConflictException",
      "This ResourceId has already been used in another Delivery Source in this account: cdn",
    );
  });

  it("go to a bucket that is there", async () => {
    await refused(destination(to("nowhere")), "ResourceNotFoundException", "The specified bucket does not exist: nowhere");
    assert.deepEqual(stack.faults(DESTINATION, "destination", { outputFormat: "w3c" }), [
      'outputFormat: "w3c" is not one of the allowed values: json',
    ]);
  });

  it("keep their ends from being deleted", async () => {
    await open();
    const delivery = await deliver();
    const [from] = cloud.world.all(SOURCE);
    assert.ok(from);
    await refused(
      stack.delete(from),
      "ConflictException",
      `Cannot delete delivery source cdn: the delivery ${delivery.id} is associated with it`,
    );
    await stack.delete(delivery);
    await stack.delete(from);
  });
});
