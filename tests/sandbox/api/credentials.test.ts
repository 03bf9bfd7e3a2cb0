import assert from "node:assert/strict";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Services } from "../../../sandbox/src/api/endpoint.ts";
import { text } from "../../../sandbox/src/core/values.ts";
import { stsApi } from "../../../sandbox/src/services/sts/api.ts";
import { apiCloud, type ApiCloud, policyOf } from "../support/api.ts";
import { REGION } from "../support/cloud.ts";

const services: Services = { json: {}, query: { sts: stsApi }, rest: {} };
const MINUTE = 60 * 1000;

describe("the credentials of a workload", () => {
  let api: ApiCloud;
  beforeEach(async () => {
    api = await apiCloud(services);
    await api.roleWith("app");
  });
  afterEach(() => api.end());

  const arnOf = (name: string): string => text(api.cloud.world.get("aws:iam/role:Role", name)?.outputs ?? {}, "arn");
  const fetchDocument = async (url: string, token: string): Promise<{ status: number; body: Record<string, string> }> => {
    const response = await fetch(url, { headers: { authorization: token } });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };

  it("reach the SDK by the environment that the launcher sets", async () => {
    const { url, token } = api.cloud.workloadCredentials(arnOf("app"));
    const names = { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
    const before = { ...process.env };
    Object.assign(process.env, names, {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_CONFIG_FILE: "/dev/null",
    });
    try {
      const { Arn } = await new STSClient({ endpoint: api.url, region: REGION }).send(new GetCallerIdentityCommand({}));
      assert.equal(Arn, "arn:aws:sts::123456789012:assumed-role/app/app");
    } finally {
      process.env = before;
    }
  });

  it("are refused to a wrong token, and for a role that is not there", async () => {
    const { url, token } = api.cloud.workloadCredentials(arnOf("app"));
    const wrong = await fetchDocument(url, "guessed");
    assert.deepEqual([wrong.status, wrong.body["code"]], [401, "AccessDenied"]);
    const absent = await fetchDocument(url.replace(/app$/, "other"), token);
    assert.equal(absent.status, 401);
    assert.throws(() => api.cloud.workloadCredentials("arn:aws:iam::123456789012:role/none"), { code: "NoSuchEntity" });
  });

  it("are refused without a token, to another role's token, and for a name that cannot be read", async () => {
    await api.roleWith("web");
    const { url } = api.cloud.workloadCredentials(arnOf("app"));
    const { token: others } = api.cloud.workloadCredentials(arnOf("web"));
    const words = { code: "AccessDenied", message: "The authorization token is not the one of this role." };
    const bare = await fetch(url);
    assert.deepEqual([bare.status, await bare.json()], [401, words]);
    assert.deepEqual(await fetchDocument(url, others), { status: 401, body: words });
    assert.deepEqual(await fetchDocument(url, ""), { status: 401, body: words });
    assert.deepEqual(await fetchDocument(url.replace(/app$/, "%E0%A4%A"), others), { status: 401, body: words });
    assert.deepEqual(api.cloud.notes, []);
  });

  it("may be asked for with the word Bearer before the token", async () => {
    const { url, token } = api.cloud.workloadCredentials(arnOf("app"));
    assert.equal((await fetchDocument(url, `Bearer ${token}`)).status, 200);
  });

  it("are refused where the trust policy does not name a compute service", async () => {
    const assumeRolePolicy = policyOf({ Action: "sts:AssumeRole", Principal: { Service: "backup.amazonaws.com" } });
    await api.stack.create("aws:iam/role:Role", "backup", { name: "backup", assumeRolePolicy });
    const { url, token } = api.cloud.workloadCredentials(arnOf("backup"));
    const { status, body } = await fetchDocument(url, token);
    assert.deepEqual([status, body["code"]], [403, "AssumeRoleUnauthorizedAccess"]);
  });

  it("stay the same until a quarter of an hour before their end, and the token always", async () => {
    const { url, token } = api.cloud.workloadCredentials(arnOf("app"));
    const first = await fetchDocument(url, token);
    api.cloud.pass(40 * MINUTE);
    assert.deepEqual((await fetchDocument(url, token)).body, first.body);
    api.cloud.pass(10 * MINUTE);
    const next = await fetchDocument(url, token);
    assert.notEqual(next.body["AccessKeyId"], first.body["AccessKeyId"]);
    assert.deepEqual(api.cloud.workloadCredentials(arnOf("app")), { url, token });
  });

  it("end with their role, also when another takes its name", async () => {
    const { url, token } = api.cloud.workloadCredentials(arnOf("app"));
    const config = api.as(await keyFrom(url, token));
    const role = api.cloud.world.get("aws:iam/role:Role", "app");
    assert.ok(role !== undefined);
    await api.stack.delete(role);
    await api.roleWith("app");
    const who = new STSClient(config).send(new GetCallerIdentityCommand({}));
    await assert.rejects(who, { name: "InvalidClientTokenId" });
    assert.equal((await fetchDocument(url, token)).status, 401);
  });

  it("name the instance that the role's profile is on", async () => {
    await api.stack.create("aws:iam/instanceProfile:InstanceProfile", "app", { name: "app-profile", role: "app" });
    api.cloud.world.put({
      type: "aws:ec2/instance:Instance",
      id: "i-0123456789abcdef0",
      urn: "",
      region: REGION,
      inputs: {},
      outputs: { iamInstanceProfile: "app-profile" },
      phase: "ready",
      claimed: true,
    });
    api.cloud.pass(60 * MINUTE);
    const { url, token } = api.cloud.workloadCredentials(arnOf("app"));
    const client = new STSClient({ ...api.as(await keyFrom(url, token)), systemClockOffset: 60 * MINUTE });
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, "arn:aws:sts::123456789012:assumed-role/app/i-0123456789abcdef0");
  });

  async function keyFrom(
    url: string,
    token: string,
  ): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
    const { body } = await fetchDocument(url, token);
    return {
      accessKeyId: body["AccessKeyId"] ?? "",
      secretAccessKey: body["SecretAccessKey"] ?? "",
      sessionToken: body["Token"] ?? "",
    };
  }
});
