import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { zonesOf } from "../account/zones.ts";
import { keyReference } from "../kms/use.ts";
import { all, arnOf, type Limit, oneOf } from "../limits.ts";
import { ec2Arn } from "./network-errors.ts";
import { encryptsByDefault } from "./region-settings.ts";
import { speedOf, VOLUME_TYPES, volumeFaults, type VolumePlan } from "./volume-types.ts";

export const VOLUME = "aws:ebs/volume:Volume";

/** What the inputs ask for. EC2 makes a gp2 volume where no type is given. */
function planOf(inputs: Props): VolumePlan {
  const number = (name: string): number | undefined => (typeof inputs[name] === "number" ? inputs[name] : undefined);
  return { type: text(inputs, "type") || "gp2", size: number("size"), iops: number("iops"), throughput: number("throughput") };
}

const planned =
  (part: keyof VolumePlan): Limit =>
  (_value, inputs) =>
    volumeFaults(planOf(inputs))[part];

const multiAttach: Limit = (value, inputs) =>
  value === true && !planOf(inputs).type.startsWith("io")
    ? `multi-attach is for io1 and io2 volumes (given: ${planOf(inputs).type})`
    : undefined;

function refuseSmaller(now: unknown, was: unknown): void {
  if (typeof now !== "number" || typeof was !== "number" || now >= was) return;
  throw new CloudError(
    "InvalidParameterValue",
    `New size cannot be smaller than existing size (given: ${now} GiB, existing: ${was} GiB)`,
  );
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const zone = text(inputs, "availabilityZone");
  const zones = zonesOf(region).map(({ name }) => name);
  if (!zones.includes(zone))
    throw new CloudError("InvalidZone.NotFound", `The zone '${zone}' does not exist. This region has ${zones.join(", ")}`);
  if (inputs["size"] === undefined && inputs["snapshotId"] === undefined)
    throw new CloudError("MissingParameter", "The request must contain the parameter size/snapshot");
  const encrypted = inputs["encrypted"] === true || encryptsByDefault(cloud.world, region);
  if (text(inputs, "kmsKeyId") !== "" && !encrypted)
    throw new CloudError("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.");
  const id = newId("vol");
  const plan = planOf(inputs);
  return {
    id,
    outputs: {
      arn: ec2Arn(operation, `volume/${id}`),
      createTime: new Date(cloud.now()).toISOString(),
      type: plan.type,
      ...speedOf(plan),
      encrypted,
    },
  };
}

/** A disk. */
export const ebsVolume: ResourceDefinition = {
  type: VOLUME,
  replaceOn: ["availabilityZone", "encrypted", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId"],
  limits: {
    kmsKeyId: arnOf("kms"),
    type: all(oneOf(...VOLUME_TYPES), planned("type")),
    size: planned("size"),
    iops: planned("iops"),
    throughput: planned("throughput"),
    multiAttachEnabled: multiAttach,
    finalSnapshot: (value) => (value === true ? "the sandbox takes no snapshots of volumes; leave finalSnapshot out" : undefined),
  },
  references: [
    keyReference("kmsKeyId", (key) => new CloudError("InvalidKmsKey.NotFound", `The specified KMS key ${key} does not exist`)),
    {
      path: "snapshotId",
      to: "aws:ebs/snapshot:Snapshot",
      missing: (id) => new CloudError("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`),
    },
  ],
  create,
  update: ({ inputs }, before) => {
    refuseSmaller(inputs["size"], before.outputs["size"]);
    const plan = planOf(inputs);
    // A setting of the region concerns new volumes only.
    return { type: plan.type, ...speedOf(plan), encrypted: before.outputs["encrypted"] };
  },
};
