import { CloudError } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { nested } from "./instance-outputs.ts";
import { speedOf } from "./volume-types.ts";

/** Names of root devices: Amazon Linux's and Ubuntu's (Amazon EC2 User Guide, "Device names for volumes"). */
export const ROOT_DEVICES = ["/dev/xvda", "/dev/sda1"];

/** Amazon Linux's image asks for this much, in GiB, and for gp3. */
const IMAGE_SIZE = 8;

/** A new instance's root volume, as the provider reads it back. */
export function rootVolume(inputs: Props, volumeId: string, encryptsByDefault: boolean): Props {
  const given = nested(inputs, "rootBlockDevice");
  const encrypted = given["encrypted"] === true || encryptsByDefault;
  if (text(given, "kmsKeyId") !== "" && !encrypted)
    throw new CloudError("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.");
  const fresh = { deleteOnTermination: true, deviceName: ROOT_DEVICES[0] ?? "", kmsKeyId: "", tags: {}, tagsAll: {} };
  return { ...fresh, ...given, ...shapeOf(given, {}), encrypted, volumeId };
}

/** The root volume after a change in place. Throws EC2's error where it would shrink. */
export function changedRootVolume(inputs: Props, before: Props): Props {
  const given = nested(inputs, "rootBlockDevice");
  const [now, was] = [given["volumeSize"], before["volumeSize"]];
  if (typeof now === "number" && typeof was === "number" && now < was) {
    throw new CloudError(
      "InvalidParameterValue",
      `New size cannot be smaller than existing size (given: ${now} GiB, existing: ${was} GiB)`,
    );
  }
  // What was settled at the launch stays, whatever the region's default has become since.
  const { encrypted, kmsKeyId, volumeId } = before;
  return { ...before, ...given, ...shapeOf(given, before), encrypted, kmsKeyId, volumeId };
}

function shapeOf(given: Props, before: Props): Props {
  const number = (from: Props, name: string): number | undefined => (typeof from[name] === "number" ? from[name] : undefined);
  const type = text(given, "volumeType") || text(before, "volumeType") || "gp3";
  const size = number(given, "volumeSize") ?? number(before, "volumeSize") ?? IMAGE_SIZE;
  // Speed that was bought stays until another is asked for, or another type of volume.
  const kept = type === text(before, "volumeType") ? before : {};
  const [iops, throughput] = ["iops", "throughput"].map((name) => number(given, name) ?? number(kept, name));
  const speed = speedOf({ type, size, iops, throughput });
  return { volumeType: type, volumeSize: size, ...speed };
}
