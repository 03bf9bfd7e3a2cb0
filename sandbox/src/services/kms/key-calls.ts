import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { namedKey, onKey } from "./call.ts";
import { ALIAS, KEY, keyRecovery, pendingKey, policyTextOf, requireKey } from "./keys.ts";
import { materialsOf, nextRotation, rotateNow, rotationDays } from "./material.ts";

/** How often a key may be rotated on demand (KMS Developer Guide, "Quotas"). */
const MOST_ON_DEMAND = 25;

/** What the API tells about keys, and what it does to them beside encrypting. */
export const keyOperations: Operations = {
  DescribeKey: {
    demands: (call) => onKey(call, "DescribeKey", anyKey(call)),
    run: (call) => ({ KeyMetadata: metadata(call) }),
  },
  ListKeys: {
    demands: () => ({ action: "kms:ListKeys", resource: "*" }),
    run: ({ cloud, region }) => {
      const keys = [...cloud.world.all(KEY).filter((row) => row.region === region), ...keyRecovery.waiting(cloud, region)];
      return { Keys: keys.map(({ id, outputs }) => ({ KeyId: id, KeyArn: text(outputs, "arn") })), Truncated: false };
    },
  },
  ListAliases: {
    demands: () => ({ action: "kms:ListAliases", resource: "*" }),
    run: (call) => ({ Aliases: aliases(call), Truncated: false }),
  },
  GetKeyPolicy: {
    demands: (call) => onKey(call, "GetKeyPolicy", anyKey(call)),
    run: (call) => ({ Policy: policyTextOf(call.cloud, anyKey(call)), PolicyName: "default" }),
  },
  GetKeyRotationStatus: { demands: (call) => onKey(call, "GetKeyRotationStatus", namedKey(call)), run: rotationStatus },
  ListKeyRotations: { demands: (call) => onKey(call, "ListKeyRotations", namedKey(call)), run: rotations },
  RotateKeyOnDemand: { demands: (call) => onKey(call, "RotateKeyOnDemand", namedKey(call)), run: rotateOnDemand },
  CancelKeyDeletion: { demands: demandCancel, run: cancelDeletion },
};

/** A key, also one that waits for its deletion. */
function anyKey(call: ApiCall): Pick<Resource, "id" | "outputs"> {
  return pendingKey(call.cloud, text(call.input, "KeyId"), call.region) ?? namedKey(call);
}

function metadata(call: ApiCall): Props {
  const { id, outputs } = anyKey(call);
  const pending = pendingKey(call.cloud, id, call.region);
  const enabled = pending === undefined && outputs["isEnabled"] !== false;
  return {
    AWSAccountId: call.cloud.account,
    KeyId: id,
    Arn: text(outputs, "arn"),
    CreationDate: Number(outputs["created"] ?? 0) / 1000,
    Description: text(outputs, "description"),
    Enabled: enabled,
    KeyState: pending === undefined ? (enabled ? "Enabled" : "Disabled") : "PendingDeletion",
    ...(pending === undefined ? {} : { DeletionDate: pending.until / 1000 }),
    KeyUsage: text(outputs, "keyUsage"),
    KeySpec: text(outputs, "customerMasterKeySpec"),
    CustomerMasterKeySpec: text(outputs, "customerMasterKeySpec"),
    KeyManager: "CUSTOMER",
    Origin: "AWS_KMS",
    MultiRegion: outputs["multiRegion"] === true,
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  };
}

function aliases({ cloud, input, region }: ApiCall): Props[] {
  const wanted = text(input, "KeyId") === "" ? undefined : requireKey(cloud, text(input, "KeyId"), region).id;
  return cloud.world
    .all(ALIAS)
    .filter((row) => row.region === region && (wanted === undefined || row.outputs["targetKeyId"] === wanted))
    .map((row) => ({
      AliasName: row.id,
      AliasArn: text(row.outputs, "arn"),
      TargetKeyId: text(row.outputs, "targetKeyId"),
    }));
}

function rotationStatus(call: ApiCall): Props {
  const key = namedKey(call);
  const next = nextRotation(call.cloud, key);
  const schedule = next === undefined ? {} : { NextRotationDate: next / 1000, RotationPeriodInDays: rotationDays(key) };
  return { KeyId: text(key.outputs, "arn"), KeyRotationEnabled: next !== undefined, ...schedule };
}

function rotations(call: ApiCall): Props {
  const key = namedKey(call);
  const done = materialsOf(call.cloud, key).filter(({ cause }) => cause !== "creation");
  const list = done.map(({ since, cause }) => ({
    KeyId: text(key.outputs, "arn"),
    RotationDate: since / 1000,
    RotationType: cause,
  }));
  return { Rotations: list, Truncated: false };
}

function rotateOnDemand(call: ApiCall): Props {
  const key = namedKey(call);
  const done = materialsOf(call.cloud, key).filter(({ cause }) => cause === "ON_DEMAND").length;
  if (done >= MOST_ON_DEMAND) {
    throw new CloudError(
      "LimitExceededException",
      `Key ${key.id} has been rotated on demand ${MOST_ON_DEMAND} times, the most allowed.`,
    );
  }
  call.cloud.world.change(() => {
    rotateNow(call.cloud, key);
  });
  return { KeyId: key.id };
}

function demandCancel(call: ApiCall): Demand {
  return onKey(call, "CancelKeyDeletion", anyKey(call));
}

/** The key comes back switched off, as KMS brings it back. */
function cancelDeletion(call: ApiCall): Props {
  const pending = pendingKey(call.cloud, text(call.input, "KeyId"), call.region);
  if (pending === undefined) {
    throw new CloudError("KMSInvalidStateException", `${text(namedKey(call).outputs, "arn")} is not pending deletion.`);
  }
  const off = { isEnabled: false };
  const { inputs, outputs } = pending;
  const key = keyRecovery.restore(call.cloud, { ...pending, inputs: { ...inputs, ...off }, outputs: { ...outputs, ...off } });
  return { KeyId: text(key.outputs, "arn") };
}
