import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { RecoveryWindow, type Waiting } from "../recovery-window.ts";
import { dropVersions, isNamed } from "./store.ts";

/** The secrets inside their recovery window: their names stay taken, and their values are kept. */
export const secretRecovery = new RecoveryWindow("secretsmanager-deleted", (cloud, { id }) => {
  dropVersions(cloud, id);
});

/** The secret of that ARN, partial ARN or name that waits for its deletion, if there is one. */
export function findDeleted(cloud: Cloud, arnOrName: string, region: string): Waiting | undefined {
  return secretRecovery.waiting(cloud, region).find((secret) => isNamed(secret, arnOrName));
}

/** The error for what cannot be done with such a secret. */
export function markedForDeletion(): CloudError {
  return new CloudError(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}
