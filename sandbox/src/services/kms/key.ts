import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { documentText, policyLimit } from "../iam/entities.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { unknownPrincipal } from "../iam/principals.ts";
import { between, ofLength, oneOf } from "../limits.ts";
import { defaultKeyPolicy, destroySecret, KEY, makeSecret } from "./keys.ts";

const MALFORMED = "MalformedPolicyDocumentException";

/** A customer-managed key. The sandbox has symmetric encryption keys; other kinds are refused by name. */
export const key: ResourceDefinition = {
  type: KEY,
  replaceOn: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  defaults: {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: false,
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  limits: {
    customerMasterKeySpec: oneOf("SYMMETRIC_DEFAULT"),
    keyUsage: oneOf("ENCRYPT_DECRYPT"),
    deletionWindowInDays: between(7, 30),
    rotationPeriodInDays: between(90, 2560),
    description: ofLength(0, 8192),
    policy: policyLimit("resource"),
  },
  create: ({ cloud, inputs, region }) => {
    const id = randomUUID();
    const keyArn = arn("kms", region, cloud.account, `key/${id}`);
    makeSecret(cloud, keyArn);
    return {
      id,
      outputs: {
        arn: keyArn,
        keyId: id,
        policy: checkedPolicy(cloud, inputs),
        multiRegion: inputs["multiRegion"] ?? false,
      },
    };
  },
  update: ({ cloud, inputs }) => ({ policy: checkedPolicy(cloud, inputs) }),
  // The real key waits out its window and can be called back within it; the engine forgets it at once, and so does the sandbox.
  remove: (cloud, resource) => {
    destroySecret(cloud, text(resource.outputs, "arn"));
  },
};

/** The key's policy. One by which nobody could ever change the policy again is refused, as KMS does. */
function checkedPolicy(cloud: Cloud, inputs: Props): string {
  const document = documentText(inputs["policy"]);
  if (document === "") return defaultKeyPolicy(cloud.account);
  const statements = parsePolicy(document, "resource", MALFORMED);
  const unknown = unknownPrincipal(cloud, statements);
  if (unknown !== undefined) {
    throw new CloudError(MALFORMED, `Policy contains a statement with one or more invalid principals: ${unknown}`);
  }
  const canChange = statements.some((statement) => letsChangePolicy(statement, cloud.account));
  if (!canChange && inputs["bypassPolicyLockoutSafetyCheck"] !== true) {
    throw new CloudError(MALFORMED, "The new key policy will not allow you to update the key policy in the future.");
  }
  return document;
}

function letsChangePolicy({ effect, actions = [], principals = {} }: Statement, account: string): boolean {
  return (
    effect === "Allow" &&
    actions.some((action) => ["*", "kms:*", "kms:put*", "kms:putkeypolicy"].includes(action.toLowerCase())) &&
    (principals["AWS"] ?? []).some((who) => who === "*" || who === account || who.startsWith(`arn:aws:iam::${account}:`))
  );
}
