import type { Policies } from "@pulumi/policy";
import { instanceMetadataV2 } from "./rules/compute/instance-metadata-v2.ts";
import { databaseNotPublic } from "./rules/database/database-not-public.ts";
import { databaseProtectedFromDeletion } from "./rules/database/database-protected-from-deletion.ts";
import { databaseRecoverable } from "./rules/database/database-recoverable.ts";
import { iamNoWildcardActions } from "./rules/identity/iam-no-wildcard-actions.ts";
import { onlyWebPortsOpenToAnyone } from "./rules/network/only-web-ports-open-to-anyone.ts";
import { bucketClosedToPublic } from "./rules/storage/bucket-closed-to-public.ts";
import { storageEncrypted } from "./rules/storage/storage-encrypted.ts";

/** Every rule of the pack, by concern. */
export const rules: Policies = [
  onlyWebPortsOpenToAnyone,
  databaseNotPublic,
  databaseRecoverable,
  databaseProtectedFromDeletion,
  storageEncrypted,
  bucketClosedToPublic,
  instanceMetadataV2,
  iamNoWildcardActions,
];
