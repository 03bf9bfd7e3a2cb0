import type { ApiCall } from "../../api/operation.ts";
import type { QueryService } from "../../api/query-protocol.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, type Props } from "../../core/values.ts";
import { attachedArns, findRole, ROLE } from "./roles.ts";

/** What the API tells about roles; they are changed through the engine. */
export const iamApi: QueryService = {
  namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
  operations: {
    GetRole: {
      demands: (call) => ({ action: "iam:GetRole", resource: roleArn(call) }),
      run: (call) => ({ Role: shown(requireRole(call)) }),
    },
    ListRoles: {
      demands: ({ cloud }) => ({ action: "iam:ListRoles", resource: arn("iam", "", cloud.account, "role/") }),
      run: ({ cloud }) => ({ Roles: { member: cloud.world.all(ROLE).map(shown) }, IsTruncated: false }),
    },
    ListAttachedRolePolicies: {
      demands: (call) => ({ action: "iam:ListAttachedRolePolicies", resource: roleArn(call) }),
      run: (call) => ({
        AttachedPolicies: {
          member: attachedArns(call.cloud, requireRole(call)).map((policy) => ({
            PolicyName: policy.split("/").at(-1) ?? "",
            PolicyArn: policy,
          })),
        },
        IsTruncated: false,
      }),
    },
  },
};

function roleArn({ cloud, input }: ApiCall): string {
  const name = text(input, "RoleName");
  return text(findRole(cloud, name)?.outputs ?? {}, "arn") || arn("iam", "", cloud.account, `role/${name}`);
}

function requireRole({ cloud, input }: ApiCall): Resource {
  const name = text(input, "RoleName");
  const role = findRole(cloud, name);
  if (role === undefined) throw new CloudError("NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
  return role;
}

function shown(role: Resource): Props {
  return {
    Path: text(role.outputs, "path") || "/",
    RoleName: role.id,
    RoleId: text(role.outputs, "uniqueId"),
    Arn: text(role.outputs, "arn"),
    CreateDate: text(role.outputs, "createDate"),
    AssumeRolePolicyDocument: encodeURIComponent(text(role.outputs, "assumeRolePolicy")),
  };
}
