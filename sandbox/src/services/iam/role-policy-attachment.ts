import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { arnOf } from "../limits.ts";
import { noSuchRole, policyReference, roleReference } from "./entities.ts";
import { isManagedPolicyArn, managedPolicy } from "./managed-policies.ts";
import { refuseTooManyPolicies } from "./role-quotas.ts";
import { ATTACHMENT, findRole, trustsCompute } from "./roles.ts";

/** A managed policy, the account's or AWS's own, given to a role. */
export const rolePolicyAttachment: ResourceDefinition = {
  type: ATTACHMENT,
  replaceOn: ["policyArn", "role"],
  limits: { policyArn: arnOf("iam") },
  references: [roleReference, policyReference("policyArn")],
  create: ({ cloud, inputs }) => {
    const policyArn = text(inputs, "policyArn");
    const role = findRole(cloud, text(inputs, "role"));
    if (role === undefined) throw noSuchRole(text(inputs, "role"));
    refuseTooManyPolicies(cloud, { name: role.id, inputs: role.inputs }, policyArn);
    if (isManagedPolicyArn(policyArn) && managedPolicy(policyArn) === undefined && trustsCompute(role)) {
      cloud.note(`${policyArn} grants ${role.id} nothing here: the sandbox does not have the text of that policy.`);
    }
    return { id: `${role.id}/${policyArn}` };
  },
};
