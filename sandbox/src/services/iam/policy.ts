import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { ofLength } from "../limits.ts";
import { chosenName } from "../names.ts";
import { documentText, exceeded, nameLimits, pathLimit, policyLimit, policySize, requireFree, uniqueId } from "./entities.ts";
import { ATTACHMENT, POLICY, ROLE } from "./roles.ts";

/** Characters of a managed policy, white space not counted (IAM User Guide, "IAM and AWS STS quotas"). */
const LONGEST_POLICY = 6144;

/** A policy of the account's own, to be attached to roles. */
export const policy: ResourceDefinition = {
  type: POLICY,
  replaceOn: ["description", "name", "namePrefix", "path"],
  autoName: { property: "name", maxLength: 128 },
  defaults: { path: "/" },
  limits: { ...nameLimits(128), path: pathLimit, policy: policyLimit("identity"), description: ofLength(0, 1000) },
  create: (operation) => {
    const { cloud, inputs } = operation;
    const name = chosenName(inputs);
    requireFree(cloud, POLICY, name, `A policy called ${name} already exists. Duplicate names are not allowed.`);
    const policyArn = arn("iam", "", cloud.account, `policy${text(inputs, "path")}${name}`);
    return {
      id: policyArn,
      outputs: { name, arn: policyArn, policyId: uniqueId("ANPA"), attachmentCount: 0, ...written(operation) },
    };
  },
  update: written,
  look: (cloud, row) => {
    const attached = cloud.world.all(ATTACHMENT).filter((other) => other.inputs["policyArn"] === row.id);
    const direct = cloud.world.all(ROLE).filter((role) => texts(role.inputs, "managedPolicyArns").includes(row.id));
    return { attachmentCount: attached.length + direct.length };
  },
};

function written({ inputs }: Operation): Props {
  const document = documentText(inputs["policy"]);
  if (policySize(document) > LONGEST_POLICY) throw exceeded("PolicySize", LONGEST_POLICY);
  return { policy: document };
}
