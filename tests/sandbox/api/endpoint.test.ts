import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { CloudWatchClient, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import type { Services } from "../../../sandbox/src/api/endpoint.ts";
import { secretsOperations } from "../../../sandbox/src/services/secretsmanager/api.ts";
import { stsApi } from "../../../sandbox/src/services/sts/api.ts";
import { apiCloud, type ApiCloud, type ClientConfig } from "../support/api.ts";
import { sendSigned } from "../support/signed.ts";

const services: Services = { json: { secretsmanager: secretsOperations }, query: { sts: stsApi }, rest: {} };
const HOUR = 60 * 60 * 1000;
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("the AWS API endpoint", () => {
  let api: ApiCloud;
  beforeEach(async () => {
    api = await apiCloud(services);
  });
  afterEach(() => api.end());

  const listSecrets = (config: ClientConfig): Promise<unknown> =>
    new SecretsManagerClient(config).send(new ListSecretsCommand({}));
  const refusal = (code: string, message?: RegExp) => (error: Error) => {
    assert.equal(error.name, code);
    if (message !== undefined) assert.match(error.message, message);
    return true;
  };

  it("answers who signs with a key that it issued", async () => {
    const identity = await new STSClient(api.operator).send(new GetCallerIdentityCommand({}));
    assert.equal(identity.Account, "123456789012");
    assert.equal(identity.Arn, "arn:aws:iam::123456789012:user/operator");
  });

  it("refuses a signature made with another secret", async () => {
    const forged = api.as({ ...api.operator.credentials, secretAccessKey: "guessed" });
    await assert.rejects(listSecrets(forged), refusal("InvalidSignatureException", /signature we calculated does not match/));
    await assert.rejects(new STSClient(forged).send(new GetCallerIdentityCommand({})), refusal("SignatureDoesNotMatch"));
  });

  it("refuses a key that it never issued", async () => {
    const unknown = api.as({ accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "whatever" });
    await assert.rejects(
      listSecrets(unknown),
      refusal("UnrecognizedClientException", /security token included in the request is invalid/),
    );
  });

  it("refuses a role's key without its session token", async () => {
    const { accessKeyId, secretAccessKey } = (await api.roleWith("app")).credentials;
    await assert.rejects(listSecrets(api.as({ accessKeyId, secretAccessKey })), refusal("UnrecognizedClientException"));
  });

  it("refuses a role's key whose hour is over", async () => {
    const config = await api.roleWith("app");
    const late = { ...config, systemClockOffset: HOUR + 1000 };
    api.cloud.pass(HOUR + 1000);
    await assert.rejects(listSecrets(late), refusal("ExpiredTokenException", /expired/));
  });

  it("refuses a call that nobody signed", async () => {
    const response = await fetch(api.url);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /<Code>MissingAuthenticationToken<\/Code>/);
  });

  it("refuses a body that is too large, in words", async () => {
    const command = new GetSecretValueCommand({ SecretId: "x".repeat(9 * 1024 * 1024) });
    await assert.rejects(
      new SecretsManagerClient(api.operator).send(command),
      refusal("RequestEntityTooLarge", /larger than 8388608 bytes/),
    );
  });

  it("names an operation, or a service, that it does not serve", async () => {
    const create = new SecretsManagerClient(api.operator).send(new CreateSecretCommand({ Name: "a" }));
    await assert.rejects(create, refusal("UnknownOperationException", /"CreateSecret"; it serves DescribeSecret, /));
    const assume = new STSClient(api.operator).send(new GetSessionTokenCommand({}));
    await assert.rejects(assume, refusal("InvalidAction", /Could not find operation GetSessionToken/));
    const keys = new KMSClient(api.operator).send(new ListKeysCommand({}));
    await assert.rejects(keys, refusal("UnknownService", /the service "kms". It serves: secretsmanager, sts/));
  });

  it("names a service that it does not serve in words that each of its clients understands", async () => {
    const words = /^The sandbox's API does not serve the service "\w+"\. It serves: secretsmanager, sts\.$/;
    const calls = [
      () => new KMSClient(api.operator).send(new ListKeysCommand({})),
      () => new IAMClient(api.operator).send(new ListRolesCommand({})),
      () => new S3Client(api.operator).send(new ListBucketsCommand({})),
      () => new CloudWatchClient(api.operator).send(new ListDashboardsCommand({})),
      () => new CloudWatchLogsClient(api.operator).send(new DescribeLogGroupsCommand({})),
    ];
    for (const call of calls) await assert.rejects(call(), refusal("UnknownService", words));
    const lambda = await sendSigned(api.operator, {
      method: "GET",
      path: "/2015-03-31/functions",
      payload: sha256(""),
      service: "lambda",
    });
    assert.deepEqual([lambda.status, lambda.code, lambda.headers["x-amzn-errortype"]], [501, "UnknownService", "UnknownService"]);
    assert.equal(lambda.headers["content-type"], "application/x-amz-json-1.1");
  });

  for (const name of ["constructor", "__proto__", "toString", ""]) {
    it(`does not take "${name}" for an operation or a service`, async () => {
      const target = { "x-amz-target": `secretsmanager.${name}`, "content-type": "application/x-amz-json-1.1" };
      const call = { method: "POST", path: "/", body: ["{}"], payload: sha256("{}") };
      const operation = await sendSigned(api.operator, { ...call, headers: target, service: "secretsmanager" });
      assert.deepEqual([operation.status, operation.code], [400, "UnknownOperationException"]);
      if (name === "") return;
      const service = await sendSigned(api.operator, { ...call, headers: target, service: name });
      assert.deepEqual([service.status, service.code], [501, "UnknownService"]);
    });
  }

  for (const body of ["not json", "[]", '"text"', "1", "null", '{"a":']) {
    it(`refuses the body ${body}, which is no JSON object`, async () => {
      const headers = { "x-amz-target": "secretsmanager.ListSecrets", "content-type": "application/x-amz-json-1.1" };
      const call = { method: "POST", path: "/", headers, body: [body], payload: sha256(body), service: "secretsmanager" };
      const { status, code } = await sendSigned(api.operator, call);
      assert.deepEqual([status, code], [400, "SerializationException"]);
      assert.deepEqual(api.cloud.notes, []);
    });
  }

  it("refuses a body that is not the one that was signed", async () => {
    const headers = { "x-amz-target": "secretsmanager.ListSecrets", "content-type": "application/x-amz-json-1.1" };
    const call = { method: "POST", path: "/", headers, payload: sha256("{}"), service: "secretsmanager" };
    const { status, code } = await sendSigned(api.operator, { ...call, body: ['{"MaxResults":1}'] });
    assert.deepEqual([status, code], [400, "InvalidSignatureException"]);
  });

  it("answers many at once, each its own", async () => {
    const names = ["app", "web", "job"];
    const configs: ClientConfig[] = [];
    for (const name of names) configs.push(await api.roleWith(name));
    const clients = configs.map((config) => new STSClient(config));
    const asked = Array.from({ length: 20 }, () => clients).flat();
    const answers = await Promise.all(asked.map((client) => client.send(new GetCallerIdentityCommand({}))));
    assert.deepEqual(
      answers.map(({ Arn }) => Arn?.split("/").at(-1)),
      Array.from({ length: 20 }, () => names).flat(),
    );
  });

  it("answers each call with an id of its own", async () => {
    const client = new STSClient(api.operator);
    const one = await client.send(new GetCallerIdentityCommand({}));
    const two = await client.send(new GetCallerIdentityCommand({}));
    assert.match(one.$metadata.requestId ?? "", /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
    assert.notEqual(one.$metadata.requestId, two.$metadata.requestId);
  });

  it("listens on this machine only", () => {
    assert.equal(new URL(api.url).hostname, "127.0.0.1");
  });

  it("tells people about its own faults, and the caller nothing of them", async () => {
    await api.end();
    api = await apiCloud(services, {
      before: () => {
        throw new TypeError("inner workings");
      },
    });
    await assert.rejects(listSecrets(api.operator), refusal("InternalFailure", /unknown error/));
    assert.match(api.cloud.notes[0] ?? "", /The AWS API failed on POST \/.*inner workings/s);
  });
});
