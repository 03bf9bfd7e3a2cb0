import { Volume } from "@pulumi/aws/ebs/volume.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { Cluster } from "@pulumi/aws/rds/cluster.js";
import { Instance as DatabaseInstance } from "@pulumi/aws/rds/instance.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { about, shown, validateEach } from "../../shared/check.ts";
import { fsbp } from "../../shared/framework.ts";

export const storageEncrypted: ResourceValidationPolicy = {
  name: "storage-encrypted",
  description: "Databases and disks are encrypted at rest.",
  enforcementLevel: "mandatory",
  severity: "high",
  tags: ["storage", "encryption"],
  framework: fsbp("EC2.3", "RDS.3", "RDS.27"),
  remediationSteps:
    "Set storageEncrypted (databases) or encrypted (disks) to true. A database or disk that exists is encrypted only by copying it: " +
    "take a snapshot, and make the new one from the encrypted copy.",
  validateResource: validateEach(
    about(Cluster, ({ storageEncrypted: encrypted }) => wanted("storageEncrypted", encrypted)),
    about(DatabaseInstance, (database) =>
      // A replica in the same region takes over what its source has, and may not say otherwise.
      database.replicateSourceDb === undefined ? wanted("storageEncrypted", database.storageEncrypted) : undefined,
    ),
    about(Volume, ({ encrypted }) => wanted("encrypted", encrypted)),
    about(
      Instance,
      ({ rootBlockDevice, launchTemplate }) =>
        rootBlockDevice === undefined && launchTemplate !== undefined
          ? undefined
          : wanted("rootBlockDevice.encrypted", rootBlockDevice?.encrypted),
      ({ ebsBlockDevices = [] }) =>
        ebsBlockDevices.flatMap((disk, at) => wanted(`ebsBlockDevices[${String(at)}].encrypted`, disk.encrypted) ?? []),
    ),
    about(LaunchTemplate, ({ blockDeviceMappings = [] }) => {
      if (blockDeviceMappings.length === 0)
        return "blockDeviceMappings is nothing, so the root disk is as the image has it; it must map that disk with ebs.encrypted true.";
      return blockDeviceMappings.flatMap(({ ebs, noDevice, virtualName }, at) =>
        noDevice !== undefined || virtualName !== undefined
          ? []
          : (wanted(`blockDeviceMappings[${String(at)}].ebs.encrypted`, ebs?.encrypted) ?? []),
      );
    }),
  ),
};

/** Launch templates hold the flag as text, all others as a boolean. */
function wanted(path: string, value: boolean | string | undefined): string | undefined {
  return value === true || value === "true" ? undefined : `${path} is ${shown(value)}; it must be true.`;
}
