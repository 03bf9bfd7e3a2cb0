import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { zonesOf } from "../account/zones.ts";
import { arnOf, oneOf } from "../limits.ts";
import { ec2Arn } from "./network-errors.ts";

export const VOLUME = "aws:ebs/volume:Volume";

interface Kind {
  /** GiB. */
  readonly size: readonly [least: number, most: number];
  readonly iops?: readonly [least: number, most: number];
  /** MiB/s. */
  readonly throughput?: readonly [least: number, most: number];
  readonly defaults?: Props;
}

/** Amazon EBS User Guide, "Amazon EBS volume types". */
const KINDS: Readonly<Record<string, Kind>> = {
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3000, 80_000], throughput: [125, 2000], defaults: { iops: 3000, throughput: 125 } },
  io1: { size: [4, 16_384], iops: [100, 64_000] },
  io2: { size: [4, 65_536], iops: [100, 256_000] },
  sc1: { size: [125, 16_384] },
  st1: { size: [125, 16_384] },
  standard: { size: [1, 1024] },
};

function checkRange(what: string, type: string, value: unknown, range: Kind["size"] | undefined): void {
  if (typeof value !== "number") return;
  if (range === undefined)
    throw new CloudError("InvalidParameterCombination", `The parameter ${what} is not supported for ${type} volumes.`);
  if (value < range[0] || value > range[1]) {
    throw new CloudError(
      "InvalidParameterValue",
      `Volume ${what} of ${value} is out of range for ${type}; allowed: ${range[0]} to ${range[1]}`,
    );
  }
}

function shape({ inputs, cloud, region }: Operation): Props {
  const type = text(inputs, "type") || "gp2";
  const kind = KINDS[type] ?? { size: [1, 16_384] as const };
  if (inputs["size"] === undefined && inputs["snapshotId"] === undefined) {
    throw new CloudError("MissingParameter", "The request must contain the parameter size/snapshot");
  }
  checkRange("size", type, inputs["size"], kind.size);
  checkRange("iops", type, inputs["iops"], kind.iops);
  checkRange("throughput", type, inputs["throughput"], kind.throughput);
  if (type.startsWith("io") && inputs["iops"] === undefined)
    throw new CloudError("MissingParameter", `The parameter iops must be specified for ${type} volumes.`);
  const always = cloud.world
    .all("aws:ebs/encryptionByDefault:EncryptionByDefault")
    .some((row) => row.region === region && row.outputs["enabled"] === true);
  return { type, ...kind.defaults, ...inputs, encrypted: inputs["encrypted"] === true || always };
}

/** A disk. */
export const ebsVolume: ResourceDefinition = {
  type: VOLUME,
  replaceOn: ["availabilityZone", "encrypted", "kmsKeyId", "multiAttachEnabled", "outpostArn", "snapshotId"],
  limits: { kmsKeyId: arnOf("kms"), type: oneOf(...Object.keys(KINDS)) },
  references: [
    {
      path: "kmsKeyId",
      to: ["aws:kms/key:Key", "aws:kms/alias:Alias"],
      by: ["arn"],
      missing: (key) => new CloudError("InvalidKmsKey.NotFound", `The specified KMS key ${key} does not exist`),
    },
    {
      path: "snapshotId",
      to: "aws:ebs/snapshot:Snapshot",
      missing: (id) => new CloudError("InvalidSnapshot.NotFound", `The snapshot '${id}' does not exist.`),
    },
  ],
  create: (operation) => {
    const zone = text(operation.inputs, "availabilityZone");
    const zones = zonesOf(operation.region).map(({ name }) => name);
    if (!zones.includes(zone))
      throw new CloudError("InvalidZone.NotFound", `The zone '${zone}' does not exist. This region has ${zones.join(", ")}`);
    const id = newId("vol");
    const createTime = new Date(operation.cloud.now()).toISOString();
    return { id, outputs: { ...shape(operation), arn: ec2Arn(operation, `volume/${id}`), createTime } };
  },
  update: (operation, before) => {
    const [now, was] = [operation.inputs["size"], before.outputs["size"]];
    if (typeof now === "number" && typeof was === "number" && now < was) {
      throw new CloudError(
        "InvalidParameterValue",
        `New size cannot be smaller than existing size (given: ${now} GiB, existing: ${was} GiB)`,
      );
    }
    return shape(operation);
  },
};
