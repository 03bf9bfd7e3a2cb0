import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { policyOf, TRUST_EC2 } from "../../support/api.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  attachment: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  oidc: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  policy: "aws:iam/policy:Policy",
  profile: "aws:iam/instanceProfile:InstanceProfile",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
} as const;

/** A policy that is good and short. */
export const READ: string = policyOf({ Action: "s3:GetObject", Resource: "*" });

/** A cloud that serves IAM. */
export class IamFixture {
  readonly cloud: TestCloud = testCloud();
  readonly stack: Stack = new Stack(this.cloud, iamDefinitions);
  #made = 0;

  make(token: string, inputs: Props): Promise<Resource> {
    return this.stack.create(token, `r${++this.#made}`, inputs);
  }

  /** A role that EC2 may take on. */
  role(inputs: Props = {}): Promise<Resource> {
    return this.make(type.role, { name: "app", assumeRolePolicy: TRUST_EC2, ...inputs });
  }

  policy(inputs: Props = {}): Promise<Resource> {
    return this.make(type.policy, { name: "read", policy: READ, ...inputs });
  }

  attach(policyArn: string, role = "app"): Promise<Resource> {
    return this.make(type.attachment, { role, policyArn });
  }

  /** The row as it is now. */
  row(token: string, id: string): Resource {
    const row = this.cloud.world.get(token, id);
    if (row === undefined) throw new Error(`${token} ${id} is not there`);
    return row;
  }

  faults(token: string, inputs: Props): string {
    return this.stack.faults(token, "r", inputs).join("\n");
  }
}
