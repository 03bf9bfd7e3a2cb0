import assert from "node:assert/strict";
import { GetRoleCommand, IAMClient, ListAttachedRolePoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { iamApi } from "../../../../sandbox/src/services/iam/api.ts";
import { apiCloud, type ApiCloud, TRUST_EC2 } from "../../support/api.ts";

describe("the API of IAM", () => {
  let api: ApiCloud;
  beforeEach(async () => {
    api = await apiCloud({ json: {}, query: { iam: iamApi }, rest: {} });
    await api.stack.create("aws:iam/role:Role", "app", { name: "app", path: "/team/", assumeRolePolicy: TRUST_EC2 });
  });
  afterEach(() => api.end());

  it("tells a role, its trust policy percent-encoded as IAM does", async () => {
    const { Role } = await new IAMClient(api.operator).send(new GetRoleCommand({ RoleName: "app" }));
    assert.deepEqual(
      [Role?.Arn, Role?.Path, Role?.RoleName, decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")],
      ["arn:aws:iam::123456789012:role/team/app", "/team/", "app", TRUST_EC2],
    );
    assert.ok(Role?.CreateDate instanceof Date);
  });

  it("tells that a role is not there", async () => {
    const ghost = new IAMClient(api.operator).send(new GetRoleCommand({ RoleName: "ghost" }));
    await assert.rejects(ghost, { name: "NoSuchEntityException", message: "The role with name ghost cannot be found." });
  });

  it("lists roles and what is attached to them", async () => {
    const policyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
    await api.stack.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "ssm", { role: "app", policyArn });
    const client = new IAMClient(api.operator);
    const { Roles } = await client.send(new ListRolesCommand({}));
    assert.deepEqual(
      Roles?.map(({ RoleName }) => RoleName),
      ["app"],
    );
    const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: "app" }));
    assert.deepEqual(AttachedPolicies, [{ PolicyName: "AmazonSSMManagedInstanceCore", PolicyArn: policyArn }]);
  });

  it("answers who may ask", async () => {
    const own = { Action: "iam:GetRole", Resource: "arn:aws:iam::123456789012:role/team/*" };
    const client = new IAMClient(await api.roleWith("reader", own));
    await client.send(new GetRoleCommand({ RoleName: "app" }));
    const words =
      "User: arn:aws:sts::123456789012:assumed-role/reader/reader is not authorized to perform: iam:GetRole on resource: arn:aws:iam::123456789012:role/reader because no identity-based policy allows the iam:GetRole action";
    await assert.rejects(client.send(new GetRoleCommand({ RoleName: "reader" })), { name: "AccessDenied", message: words });
  });
});
