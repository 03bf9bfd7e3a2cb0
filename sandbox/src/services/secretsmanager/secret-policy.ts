import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { documentText, policyLimit } from "../iam/entities.ts";
import { parsePolicy } from "../iam/policy-document.ts";
import { SECRET_POLICY } from "./policy.ts";
import { requireSupported } from "./secret.ts";
import { SECRET } from "./store.ts";

/** A secret's own policy, given beside it. */
export const secretPolicy: ResourceDefinition = {
  type: SECRET_POLICY,
  replaceOn: ["secretArn"],
  limits: { policy: policyLimit("resource") },
  references: [
    {
      path: "secretArn",
      to: SECRET,
      missing: () => new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
    },
  ],
  create: (operation) => ({ id: text(operation.inputs, "secretArn"), outputs: checked(operation) }),
  update: checked,
};

function checked({ cloud, inputs }: Operation): Props {
  const policy = documentText(inputs["policy"]);
  requireSupported(cloud, policy);
  const isPublic = parsePolicy(policy, "resource").some(
    ({ effect, principals = {}, conditions }) =>
      effect === "Allow" && (principals["AWS"] ?? []).includes("*") && Object.keys(conditions).length === 0,
  );
  if (inputs["blockPublicPolicy"] === true && isPublic) {
    throw new CloudError("PublicPolicyException", "This resource policy grants broad access to the secret.");
  }
  return { policy };
}
