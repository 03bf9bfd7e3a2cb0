import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { documentText, policyLimit } from "../iam/entities.ts";
import { parsePolicy } from "../iam/policy-document.ts";
import { unknownPrincipal } from "../iam/principals.ts";
import { keyReference } from "../kms/use.ts";
import { all, type Limit, matching, ofLength, oneOf } from "../limits.ts";
import { chosenName, PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { findDeleted, secretRecovery } from "./deleted.ts";
import { secretArn } from "./managed.ts";
import { dropVersions, requireUnmanaged, SECRET } from "./store.ts";

const MALFORMED = "MalformedPolicyDocumentException";

const nameOfLength = (most: number): Limit =>
  all(ofLength(1, most), matching(/^[A-Za-z0-9/_+=.@-]+$/, "letters, digits and /_+=.@- are"));

const recoveryWindow: Limit = (days) =>
  days === 0 || (typeof days === "number" && days >= 7 && days <= 30)
    ? undefined
    : `${JSON.stringify(days)} is out of range; allowed: 7 to 30, or 0 to delete at once`;

/** A secret; its values are versions of their own. */
export const secret: ResourceDefinition = {
  type: SECRET,
  // `type` came after the facts that the others were taken from; the provider says that it cannot change after creation.
  replaceOn: ["name", "namePrefix", "type"],
  autoName: { property: "name", maxLength: 512 },
  defaults: { forceOverwriteReplicaSecret: false, recoveryWindowInDays: 30 },
  limits: {
    name: nameOfLength(512),
    namePrefix: nameOfLength(512 - PREFIX_SUFFIX_LENGTH),
    description: ofLength(0, 2048),
    recoveryWindowInDays: recoveryWindow,
    policy: (value, inputs) => (isEmptyPolicy(documentText(value)) ? undefined : policyLimit("resource")(value, inputs)),
    type: oneOf("BigIDClientSecret", "SalesforceClientSecret", "SnowflakeKeyPairAuthentication"),
  },
  references: [
    keyReference(
      "kmsKeyId",
      () =>
        new CloudError(
          "EncryptionFailure",
          "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
        ),
    ),
  ],
  create: ({ cloud, inputs, region }) => {
    const name = chosenName(inputs);
    requireFree(cloud, name, region);
    const arn = secretArn(cloud.account, region, name);
    return { id: arn, outputs: { name, arn, replicas: inputs["replicas"] ?? [], policy: checkedPolicy(cloud, inputs) } };
  },
  update: ({ cloud, inputs }, before) => {
    requireUnmanaged(before);
    return { replicas: inputs["replicas"] ?? [], policy: checkedPolicy(cloud, inputs) };
  },
  remove: (cloud, row) => {
    requireUnmanaged(row);
    const days = Number(row.inputs["recoveryWindowInDays"] ?? 30);
    if (days === 0) dropVersions(cloud, row.id);
    else secretRecovery.keep(cloud, row, days);
  },
};

function requireFree(cloud: Cloud, name: string, region: string): void {
  const taken = cloud.world.all(SECRET).some((row) => row.region === region && text(row.outputs, "name") === name);
  if (taken) {
    throw new CloudError("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);
  }
  if (findDeleted(cloud, name, region) !== undefined) {
    throw new CloudError(
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
}

function checkedPolicy(cloud: Cloud, inputs: Props): string {
  const document = documentText(inputs["policy"]);
  if (!isEmptyPolicy(document)) requireSupported(cloud, document);
  return document;
}

/** Throws for a policy that does not parse or names somebody who is not there. */
export function requireSupported(cloud: Cloud, document: string): void {
  const unknown = unknownPrincipal(cloud, parsePolicy(document, "resource", MALFORMED));
  if (unknown === undefined) return;
  throw new CloudError(MALFORMED, `This resource policy contains an unsupported principal: ${unknown}`);
}

/** The provider takes an empty text and an empty object for "no policy". */
function isEmptyPolicy(document: string): boolean {
  return document === "" || document === "{}";
}
