import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { chosenName } from "../names.ts";
import { documentText, nameLimits, policyLimit, roleReference } from "./entities.ts";
import { refuseTooMuchInline } from "./role-quotas.ts";
import { findRole, ROLE_POLICY } from "./roles.ts";

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
  const name = text(inputs, "role");
  refuseTooMuchInline(cloud, { name, inputs: findRole(cloud, name)?.inputs ?? {} }, { id, policy });
  return { policy };
}
