import { revokeRole } from "../../api/credentials.ts";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, type Props, type Value } from "../../core/values.ts";
import { all, arnOf, between, matching, ofLength } from "../limits.ts";
import { chosenName } from "../names.ts";
import {
  documentText,
  exceeded,
  nameLimits,
  pathLimit,
  policyLimit,
  policyReference,
  policySize,
  requireFree,
  timestamp,
  uniqueId,
} from "./entities.ts";
import { parsePolicy } from "./policy-document.ts";
import { requirePrincipals } from "./principals.ts";
import { refuseTooManyPolicies, refuseTooMuchInline } from "./role-quotas.ts";
import { ATTACHMENT, INSTANCE_PROFILE, isOfRole, ROLE, ROLE_POLICY } from "./roles.ts";

/** Characters of a trust policy, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
const LONGEST_TRUST_POLICY = 2048;

/** An identity that a service or a person takes on. */
export const role: ResourceDefinition = {
  type: ROLE,
  replaceOn: ["name", "namePrefix", "path"],
  autoName: { property: "name", maxLength: 64 },
  defaults: { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  limits: {
    ...nameLimits(64),
    path: pathLimit,
    assumeRolePolicy: policyLimit("trust"),
    description: all(ofLength(0, 1000), matching(/^[^“‘]*$/, "no specially formatted quotes: “‘")),
    maxSessionDuration: between(3600, 43_200),
    permissionsBoundary: arnOf("iam"),
    "inlinePolicies[].name": nameLimits(128).name,
    "inlinePolicies[].policy": policyLimit("identity"),
  },
  references: [policyReference("managedPolicyArns[]"), policyReference("permissionsBoundary")],
  create: (operation) => {
    const { cloud, inputs } = operation;
    const name = chosenName(inputs);
    requireFree(cloud, ROLE, name, `Role with name ${name} already exists.`);
    return {
      id: name,
      outputs: {
        name,
        arn: arn("iam", "", cloud.account, `role${text(inputs, "path")}${name}`),
        uniqueId: uniqueId("AROA"),
        createDate: timestamp(cloud),
        ...described(operation, name),
      },
    };
  },
  update: (operation, before) => described(operation, before.id),
  remove: (cloud, row) => {
    letGo(
      cloud,
      row,
      ATTACHMENT,
      hasSome(row.inputs["managedPolicyArns"]),
      "Cannot delete entity, must detach all policies first.",
    );
    letGo(cloud, row, ROLE_POLICY, hasSome(row.inputs["inlinePolicies"]), "Cannot delete entity, must delete policies first.");
    revokeRole(cloud, row);
    // The provider takes the role out of its instance profiles before it deletes it, whatever was asked (resource aws_iam_role, deletion).
    for (const profile of heldBy(cloud, row, INSTANCE_PROFILE)) cloud.world.setOutputs(profile, { role: "" });
  },
};

function described({ cloud, inputs }: Operation, name: string): Props {
  const assumeRolePolicy = documentText(inputs["assumeRolePolicy"]);
  if (policySize(assumeRolePolicy) > LONGEST_TRUST_POLICY) throw exceeded("ACLSizePerRole", LONGEST_TRUST_POLICY);
  requirePrincipals(cloud, parsePolicy(assumeRolePolicy, "trust"));
  refuseTooManyPolicies(cloud, { name, inputs });
  refuseTooMuchInline(cloud, { name, inputs });
  return {
    assumeRolePolicy,
    inlinePolicies: inputs["inlinePolicies"] ?? [],
    managedPolicyArns: inputs["managedPolicyArns"] ?? [],
  };
}

/** Takes the role's policies of one kind away where that was asked for, else refuses to delete a role that has some. */
function letGo(cloud: Cloud, row: Resource, type: string, managedByRole: boolean, refusal: string): void {
  const held = heldBy(cloud, row, type);
  if (row.inputs["forceDetachPolicies"] === true || managedByRole) for (const policy of held) cloud.world.drop(policy);
  else if (held.length > 0) throw new CloudError("DeleteConflict", refusal, 409);
}

function heldBy(cloud: Cloud, row: Resource, type: string): Resource[] {
  return cloud.world.all(type).filter((other) => other.phase !== "deleting" && isOfRole(other, row));
}

function hasSome(list: Value | undefined): boolean {
  return Array.isArray(list) && list.length > 0;
}
