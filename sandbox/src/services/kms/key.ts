import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { wildcard } from "../iam/action-names.ts";
import { documentText, policyLimit } from "../iam/entities.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { unknownPrincipal } from "../iam/principals.ts";
import { between, ofLength, oneOf } from "../limits.ts";
import { defaultKeyPolicy, KEY, keyRecovery } from "./keys.ts";
import { makeMaterial, setRotation } from "./material.ts";

const MALFORMED = "MalformedPolicyDocumentException";
/** Days until a deleted key is gone unless the program says otherwise (KMS API Reference, ScheduleKeyDeletion). */
const DELETION_DAYS = 30;

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
    const policy = checkedPolicy(cloud, inputs);
    const id = randomUUID();
    const keyArn = arn("kms", region, cloud.account, `key/${id}`);
    makeMaterial(cloud, keyArn, inputs["enableKeyRotation"] === true);
    return {
      id,
      outputs: { arn: keyArn, keyId: id, policy, multiRegion: inputs["multiRegion"] ?? false, created: cloud.now() },
    };
  },
  update: ({ cloud, inputs }, before) => {
    setRotation(cloud, before, inputs["enableKeyRotation"] === true);
    return { policy: checkedPolicy(cloud, inputs) };
  },
  // The engine forgets it at once; what it encrypted can be read again if it is called back in time (CancelKeyDeletion).
  remove: (cloud, row) => {
    keyRecovery.keep(cloud, row, Number(row.inputs["deletionWindowInDays"] ?? DELETION_DAYS));
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
    actions.some((action) => wildcard(action).test("kms:PutKeyPolicy")) &&
    (principals["AWS"] ?? []).some((who) => who === "*" || who === account || who.startsWith(`arn:aws:iam::${account}:`))
  );
}
