import assert from "node:assert/strict";
import {
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { ssmOperations } from "../../../../sandbox/src/services/ssm/api.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";
import { ACCOUNT, REGION } from "../../support/cloud.ts";

const PARAMETER = "aws:ssm/parameter:Parameter";

describe("Parameter Store asks IAM", () => {
  let api: ApiCloud;
  beforeEach(async () => {
    api = await apiCloud({ json: { ssm: ssmOperations }, query: {}, rest: {} });
  });
  afterEach(() => api.end());

  const make = (name: string, inputs: Props = {}) =>
    api.stack.create(PARAMETER, name, { name, type: "String", value: `value of ${name}`, ...inputs });
  const arnOf = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`;
  const client = async (...statements: object[]) => new SSMClient(await api.roleWith("app", ...statements));
  const one = (from: SSMClient, Name: string, more: object = {}) => from.send(new GetParameterCommand({ Name, ...more }));

  it("for each parameter by its ARN, whatever the selector", async () => {
    await make("/shop/url");
    const app = await client({ Action: "ssm:GetParameter*", Resource: arnOf("/shop/*") });
    await one(app, "/shop/url:1");
    const words = `User: arn:aws:sts::${ACCOUNT}:assumed-role/app/app is not authorized to perform: ssm:GetParameter on resource: ${arnOf("/ops/url")} because no identity-based policy allows the ssm:GetParameter action`;
    await assert.rejects(one(app, "/ops/url"), { name: "AccessDeniedException", message: words });
    await app.send(new GetParametersByPathCommand({ Path: "/shop" }));
    await assert.rejects(app.send(new GetParametersByPathCommand({ Path: "/" })), { name: "AccessDeniedException" });
    await assert.rejects(app.send(new GetParametersCommand({ Names: ["/shop/url", "/ops/url"] })), {
      name: "AccessDeniedException",
    });
  });

  it("for the customer's key of a secret one as well, when it is to be decrypted or written", async () => {
    const key = await api.stack.create("aws:kms/key:Key", "main", {});
    const keyArn = text(key.outputs, "arn");
    await make("/shop/token", { type: "SecureString", keyId: keyArn });
    const ssmOnly = { Action: "ssm:*", Resource: "*" };
    const app = await client(ssmOnly);
    assert.notEqual((await one(app, "/shop/token")).Parameter?.Value, "value of /shop/token");
    for (const work of [
      () => one(app, "/shop/token", { WithDecryption: true }),
      () => app.send(new GetParametersCommand({ Names: ["/shop/token"], WithDecryption: true })),
      () => app.send(new GetParametersByPathCommand({ Path: "/shop", WithDecryption: true })),
      () => app.send(new GetParameterHistoryCommand({ Name: "/shop/token", WithDecryption: true })),
    ]) {
      await assert.rejects(work(), {
        name: "AccessDeniedException",
        message: /not authorized to perform: kms:Decrypt on resource: arn:aws:kms:/,
      });
    }
    const write = (from: SSMClient) => from.send(new PutParameterCommand({ Name: "/shop/token", Value: "x", Overwrite: true }));
    await assert.rejects(write(app), { name: "AccessDeniedException", message: /not authorized to perform: kms:Encrypt/ });
    const condition = {
      StringEquals: {
        "kms:EncryptionContext:PARAMETER_ARN": arnOf("/shop/token"),
        "kms:ViaService": `ssm.${REGION}.amazonaws.com`,
      },
    };
    const both = new SSMClient(
      await api.roleWith("both", ssmOnly, { Action: ["kms:Decrypt", "kms:Encrypt"], Resource: keyArn, Condition: condition }),
    );
    assert.equal((await one(both, "/shop/token", { WithDecryption: true })).Parameter?.Value, "value of /shop/token");
    await write(both);
    await api.stack.update(key, "main", { isEnabled: false });
    await assert.rejects(one(both, "/shop/token", { WithDecryption: true }), {
      name: "InvalidKeyId",
      message: `${keyArn} is disabled.`,
    });
  });

  it("for nothing more under the account's own key", async () => {
    await make("/shop/token", { type: "SecureString" });
    const app = await client({ Action: "ssm:GetParameter", Resource: "*" });
    assert.equal((await one(app, "/shop/token", { WithDecryption: true })).Parameter?.Value, "value of /shop/token");
  });
});
