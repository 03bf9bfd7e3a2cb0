import type { Demand } from "../../api/operation.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { policyOfKey, requireKey } from "../kms/keys.ts";

/** What a publisher to an encrypted topic needs of its key. */
export function decrypting(cloud: Cloud, topic: Resource): Demand[] {
  const keyId = text(topic.inputs, "kmsMasterKeyId");
  if (keyId === "" || keyId.endsWith("alias/aws/sns")) return [];
  const key = requireKey(cloud, keyId, topic.region);
  const context = { "kms:ViaService": `sns.${topic.region}.amazonaws.com` };
  const common = { resource: text(key.outputs, "arn"), policy: policyOfKey(cloud, key), resourceMustAllow: true, context };
  return ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ ...common, action }));
}
