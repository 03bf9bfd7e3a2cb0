import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { arnOf, matching } from "../limits.ts";
import { VAULT, dropRecoveryPoint, recoveryPoints } from "./vault-support.ts";

/** Where backups are kept. One that holds recovery points cannot be deleted, unless `forceDestroy` says to delete those first. */
export const vault: ResourceDefinition = {
  type: VAULT,
  replaceOn: ["kmsKeyArn", "name"],
  autoName: { property: "name", maxLength: 50 },
  defaults: { forceDestroy: false },
  releasedBy: { forceDestroy: true },
  limits: { name: matching(/^[\w-]{2,50}$/, "2 to 50 letters, digits, hyphens and underscores"), kmsKeyArn: arnOf("kms") },
  references: [
    {
      path: "kmsKeyArn",
      to: "aws:kms/key:Key",
      by: ["arn"],
      missing: (key) => new CloudError("InvalidParameterValueException", `The KMS key ${key} does not exist`),
    },
  ],
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    if (cloud.world.get(VAULT, name, region) !== undefined) {
      throw new CloudError("AlreadyExistsException", `Backup vault with the same name already exists: ${name}`);
    }
    const kmsKeyArn = text(inputs, "kmsKeyArn") || arn("kms", region, cloud.account, "alias/aws/backup");
    return {
      id: name,
      outputs: { arn: arn("backup", region, cloud.account, `backup-vault:${name}`), kmsKeyArn, recoveryPoints: 0 },
    };
  },
  remove: ({ world }, resource) => {
    const points = recoveryPoints(world, resource);
    if (points.length > 0 && resource.outputs["forceDestroy"] !== true) {
      throw new CloudError("InvalidRequestException", "Backup vault cannot be deleted because it contains recovery points.");
    }
    for (const point of points) dropRecoveryPoint(world, text(resource.outputs, "arn"), point);
  },
  look: ({ world }, resource) => ({ recoveryPoints: recoveryPoints(world, resource).length }),
};
