import type { ApiCall, Demand } from "../../api/operation.ts";
import type { Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { policyOfKey, requireKey } from "./keys.ts";

/** What IAM and the key's own policy must allow. */
export function onKey(call: ApiCall, action: string, key: Pick<Resource, "outputs">, context = contextOf(call)): Demand {
  const names = Object.keys(context).map((name) => [`kms:EncryptionContext:${name}`, text(context, name)] as const);
  return {
    action: `kms:${action}`,
    resource: text(key.outputs, "arn"),
    policy: policyOfKey(call.cloud, key),
    resourceMustAllow: true,
    context: { "kms:CallerAccount": call.cloud.account, ...Object.fromEntries(names) },
  };
}

/** The key that the call's `KeyId` (or another field) names. */
export function namedKey(call: ApiCall, field = "KeyId"): Resource {
  return requireKey(call.cloud, text(call.input, field), call.region);
}

/** The bytes of a base64 field. */
export function bytesOf(call: ApiCall, field: string): Buffer {
  return Buffer.from(text(call.input, field), "base64");
}

/** The encryption context under a field; empty where there is none. */
export function contextOf(call: ApiCall, field = "EncryptionContext"): Props {
  const context = call.input[field];
  return context !== null && typeof context === "object" && !Array.isArray(context) ? context : {};
}
