import { crc32 } from "node:zlib";
import { CloudError } from "../../core/definition.ts";
import type { ResourceDefinition } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import { matching } from "../limits.ts";
import { VOLUME } from "./ebs-volume.ts";
import { living, notFound } from "./network-errors.ts";

const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
const INSTANCE = "aws:ec2/instance:Instance";

/** Joins a disk to an instance of the same zone. */
export const volumeAttachment: ResourceDefinition = {
  type: ATTACHMENT,
  replaceOn: ["deviceName", "instanceId", "volumeId"],
  defaults: { forceDetach: false, skipDestroy: false },
  // Amazon EC2 User Guide, "Device names for volumes".
  limits: { deviceName: matching(/^(\/dev\/)?(sd|xvd|hd)[a-z]{1,2}\d{0,2}$/, "device names look like /dev/sdf or xvdf") },
  references: [
    {
      path: "volumeId",
      to: VOLUME,
      missing: (id) => notFound(VOLUME, id),
      inUse: (volume, holder) =>
        new CloudError("VolumeInUse", `Volume ${volume.id} is currently attached to ${text(holder.inputs, "instanceId")}`),
    },
    { path: "instanceId", to: INSTANCE, missing: (id) => notFound(INSTANCE, id) },
  ],
  create: (operation) => {
    const { cloud, inputs } = operation;
    const volume = living(operation, VOLUME, text(inputs, "volumeId"));
    const instance = living(operation, INSTANCE, text(inputs, "instanceId"));
    const device = text(inputs, "deviceName");
    if (text(volume.outputs, "availabilityZone") !== text(instance.outputs, "availabilityZone")) {
      throw new CloudError(
        "InvalidVolume.ZoneMismatch",
        `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`,
      );
    }
    // Terminating an instance detaches its volumes.
    const present = cloud.world
      .all(ATTACHMENT)
      .filter((row) => cloud.world.get(INSTANCE, text(row.inputs, "instanceId"), row.region) !== undefined);
    if (volume.outputs["multiAttachEnabled"] !== true && present.some((row) => text(row.inputs, "volumeId") === volume.id)) {
      throw new CloudError("VolumeInUse", `${volume.id} is already attached to an instance`);
    }
    const root = isProps(instance.outputs["rootBlockDevice"]) ? text(instance.outputs["rootBlockDevice"], "deviceName") : "";
    const used = present
      .filter((row) => text(row.inputs, "instanceId") === instance.id)
      .map((row) => text(row.inputs, "deviceName"));
    if ([root, ...used].includes(device)) {
      throw new CloudError(
        "InvalidParameterValue",
        `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
      );
    }
    return { id: `vai-${crc32(`${device}-${instance.id}-${volume.id}-`)}` };
  },
};
