import type { Demand } from "../../api/operation.ts";
import type { Cloud } from "../../core/cloud.ts";
import { type Reference, type CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { ALIAS, KEY, policyOfKey, requireKey, requireUsable } from "./keys.ts";

/** Whether a key's name is one of AWS's own, such as `alias/aws/ssm`, which every service may use for every caller of the account. */
export function isAwsKey(name: string): boolean {
  return name === "" || /(^|:)alias\/aws\//.test(name);
}

/**
 * What IAM must allow so that a service may use a key for its caller, as `service:Action` without the service; nothing for AWS's own keys.
 * Throws `NotFoundException`, `DisabledException` or `KMSInvalidStateException` if the key cannot be used.
 */
export function useOfKey(
  cloud: Cloud,
  use: {
    readonly key: string;
    readonly action: "Decrypt" | "Encrypt" | "GenerateDataKey";
    /** The service that uses it, such as `secretsmanager`. */
    readonly service: string;
    readonly region: string;
    readonly encryptionContext: Readonly<Record<string, string>>;
  },
): Demand[] {
  if (isAwsKey(use.key)) return [];
  const key = requireKey(cloud, use.key, use.region);
  requireUsable(key);
  const context = Object.entries(use.encryptionContext).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return [
    {
      action: `kms:${use.action}`,
      resource: text(key.outputs, "arn"),
      policy: policyOfKey(cloud, key),
      resourceMustAllow: true,
      context: {
        "kms:CallerAccount": cloud.account,
        "kms:ViaService": `${use.service}.${use.region}.amazonaws.com`,
        ...(Object.fromEntries(context) as Record<string, string>),
      },
    },
  ];
}

/** An input that names a key by id, ARN or alias. AWS's own keys are always there. */
export function keyReference(path: string, missing: (name: string) => CloudError): Reference {
  return { path, to: [KEY, ALIAS], by: ["id", "arn"], missing: (name) => (isAwsKey(name) ? undefined : missing(name)) };
}
