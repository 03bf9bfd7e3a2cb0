import assert from "node:assert/strict";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListKeysCommand, KMSClient } from "@aws-sdk/client-kms";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import { FaultBoard } from "../../../sandbox/src/control/faults.ts";
import { startApi, type Api } from "../../../sandbox/src/api/server.ts";
import { operatorCredentials } from "../../../sandbox/src/api/credentials.ts";
import { REGION, testCloud, type TestCloud } from "../support/cloud.ts";

/** Up to four attempts, without a pause that a test would have to wait for. */
const retryStrategy = new ConfiguredRetryStrategy(4, () => 1);

interface Config {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: ReturnType<typeof operatorCredentials>;
}

/** One call of each protocol: service, operation as faults name it, and the call itself. */
const CALLS = [
  ["secretsmanager", "ListSecrets", (config: Config) => new SecretsManagerClient(config).send(new ListSecretsCommand({}))],
  ["kms", "ListKeys", (config: Config) => new KMSClient(config).send(new ListKeysCommand({}))],
  ["sts", "GetCallerIdentity", (config: Config) => new STSClient(config).send(new GetCallerIdentityCommand({}))],
  ["iam", "ListRoles", (config: Config) => new IAMClient(config).send(new ListRolesCommand({}))],
  ["s3", "GET", (config: Config) => new S3Client(config).send(new ListBucketsCommand({}))],
  ["monitoring", "DescribeAlarms", (config: Config) => new CloudWatchClient(config).send(new DescribeAlarmsCommand({}))],
] as const;

describe("a throttled call on the AWS API", () => {
  let cloud: TestCloud;
  let board: FaultBoard;
  let api: Api;
  let config: Config;
  beforeEach(async () => {
    cloud = testCloud({ now: Date.now });
    board = new FaultBoard({ kill: () => undefined });
    api = await startApi(cloud, 0, { before: board.beforeCall });
    config = { endpoint: api.url, region: REGION, credentials: operatorCredentials(cloud) };
  });
  afterEach(async () => {
    await api.close();
    await cloud.end();
  });

  for (const [service, operation, call] of CALLS) {
    it(`of ${service} is tried again by the SDK, and comes through when the fault is over`, async () => {
      await board.add({ kind: "throttle", service, operation, calls: 2 });
      const { $metadata } = await call({ ...config, retryStrategy } as Config);
      assert.equal($metadata.attempts, 3);
      assert.deepEqual(board.list(), []);
    });

    it(`of ${service} is told in its own words when it is not tried again`, async () => {
      await board.add({ kind: "throttle", service, calls: 1 });
      const [name, status, message] =
        service === "s3" ? ["SlowDown", 503, "Please reduce your request rate."] : ["ThrottlingException", 400, "Rate exceeded"];
      await assert.rejects(
        call({ ...config, maxAttempts: 1 } as Config),
        (error: Error & { $metadata: { httpStatusCode: number } }) => {
          assert.deepEqual([error.name, error.$metadata.httpStatusCode, error.message], [name, status, message]);
          return true;
        },
      );
    });
  }

  it("leaves the other services alone", async () => {
    await board.add({ kind: "throttle", service: "s3", calls: 1 });
    const { $metadata } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
    assert.equal($metadata.attempts, 1);
  });

  it("is one that was signed: who may not call at all learns nothing of the fault, and does not use it up", async () => {
    await board.add({ kind: "throttle", service: "sts", calls: 1 });
    const forged = { ...config, credentials: { ...config.credentials, secretAccessKey: "guessed" }, maxAttempts: 1 };
    await assert.rejects(new STSClient(forged).send(new GetCallerIdentityCommand({})), { name: "SignatureDoesNotMatch" });
    assert.equal(board.list().length, 1);
  });

  it("may be an upload, whose body is sent again", async () => {
    const client = new S3Client({ ...config, retryStrategy });
    cloud.world.put({
      type: "aws:s3/bucket:Bucket",
      id: "shop-objects",
      urn: "",
      region: REGION,
      inputs: {},
      outputs: {},
      phase: "ready",
      claimed: true,
    });
    await board.add({ kind: "throttle", service: "s3", operation: "PUT", calls: 2 });
    const { $metadata } = await client.send(
      new PutObjectCommand({ Bucket: "shop-objects", Key: "a", Body: "x".repeat(100_000) }),
    );
    assert.equal($metadata.attempts, 3);
  });
});
