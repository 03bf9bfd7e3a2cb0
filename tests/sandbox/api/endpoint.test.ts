import assert from "node:assert/strict";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import type { Services } from "../../../sandbox/src/api/endpoint.ts";
import { CloudError } from "../../../sandbox/src/core/definition.ts";
import { secretsOperations } from "../../../sandbox/src/services/secretsmanager/api.ts";
import { stsApi } from "../../../sandbox/src/services/sts/api.ts";
import { apiCloud, type ApiCloud, type ClientConfig } from "../support/api.ts";

const services: Services = { json: { secretsmanager: secretsOperations }, query: { sts: stsApi }, rest: {} };
const HOUR = 60 * 60 * 1000;

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

  it("refuses what was signed long ago", async () => {
    const response = await fetch(api.url, {
      method: "POST",
      headers: {
        "x-amz-target": "secretsmanager.ListSecrets",
        "x-amz-date": "20200101T000000Z",
        authorization: `AWS4-HMAC-SHA256 Credential=${api.operator.credentials.accessKeyId}/20200101/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
      },
      body: "{}",
    });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /difference between the request time and the current time is too large/);
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

  it("lets the SDK retry what a fault throttles", async () => {
    let refusals = 2;
    await api.end();
    api = await apiCloud(services, {
      before: (service, operation) => {
        assert.deepEqual([service, operation], ["secretsmanager", "ListSecrets"]);
        if (refusals-- > 0) throw new CloudError("ThrottlingException", "Rate exceeded");
      },
    });
    const client = new SecretsManagerClient({ ...api.operator, maxAttempts: 4 });
    const { $metadata } = await client.send(new ListSecretsCommand({}));
    assert.equal($metadata.attempts, 3);
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
