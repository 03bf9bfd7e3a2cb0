import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { chosenName } from "../names.ts";
import { documentText, nameLimits, policyLimit, policySize, roleReference } from "./entities.ts";
import { ROLE_POLICY } from "./roles.ts";

/** Characters of all inline policies of a role together, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
const LONGEST_INLINE_POLICIES = 10_240;

/** A policy written into a role. */
export const rolePolicy: ResourceDefinition = {
  type: ROLE_POLICY,
  replaceOn: ["name", "namePrefix", "role"],
  autoName: { property: "name", maxLength: 128 },
  limits: { ...nameLimits(128), policy: policyLimit("identity") },
  references: [roleReference],
  create: (operation) => {
    const name = chosenName(operation.inputs);
    const id = `${text(operation.inputs, "role")}:${name}`;
    return { id, outputs: { name, ...written(operation, id) } };
  },
  update: (operation, before) => written(operation, before.id),
};

function written({ cloud, inputs }: Operation, id: string): Props {
  const policy = documentText(inputs["policy"]);
  const role = text(inputs, "role");
  if (policySize(policy) + sizeOfOthers(cloud, role, id) > LONGEST_INLINE_POLICIES) {
    const message = `Maximum policy size of ${LONGEST_INLINE_POLICIES} bytes exceeded for role ${role}`;
    throw new CloudError("LimitExceeded", message, 409);
  }
  return { policy };
}

function sizeOfOthers(cloud: Cloud, role: string, id: string): number {
  const others = cloud.world.all(ROLE_POLICY).filter((row) => row.id !== id && text(row.inputs, "role") === role);
  return others.reduce((sum, row) => sum + policySize(text(row.outputs, "policy")), 0);
}
