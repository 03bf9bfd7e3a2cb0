import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { fleetOf } from "./fleet.ts";
import { renewSecret } from "./master-password.ts";

/**
 * Gives the master user of a cluster a new password, as the weekly rotation of a managed secret does: first the secret, then the server. Connections that are open
 * stay; new ones need the new password. Throws `InvalidParameterValue` where RDS does not manage the password.
 */
export async function rotateMasterPassword(cloud: Cloud, cluster: Resource): Promise<void> {
  renewSecret(cloud, cluster);
  await fleetOf(cloud).refresh(cluster);
}
