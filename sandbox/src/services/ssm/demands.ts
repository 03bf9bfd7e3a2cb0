import type { ApiCall, Demand } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import { useOfKey } from "../kms/use.ts";
import { parameterArn } from "./store.ts";

/** What IAM must allow for a call about a parameter, by its name or ARN. */
export function onParameter(call: ApiCall, action: string, name: string): Demand {
  return { action: `ssm:${action}`, resource: name.startsWith("arn:") ? name : parameterArn(call.cloud, name, call.region) };
}

/** What KMS must allow. Throws `InvalidKeyId` for a key that cannot be used. */
export function onItsKey(call: ApiCall, name: string, key: string, action: "Decrypt" | "Encrypt"): Demand[] {
  const encryptionContext = { PARAMETER_ARN: parameterArn(call.cloud, name, call.region) };
  try {
    return useOfKey(call.cloud, { key, action, service: "ssm", region: call.region, encryptionContext });
  } catch (error) {
    if (error instanceof CloudError) throw new CloudError("InvalidKeyId", error.message);
    throw error;
  }
}
