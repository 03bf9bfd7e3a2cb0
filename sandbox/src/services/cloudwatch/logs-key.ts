import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import { KEY, policyOfKey } from "../kms/keys.ts";

/** Throws, in the words of CloudWatch Logs, unless the key exists and its policy lets the service use it for that group. An empty key is none. */
export function refuseKeyForLogs(cloud: Cloud, region: string, group: string, keyArn: string): void {
  if (keyArn === "") return;
  const groupArn = arn("logs", region, cloud.account, `log-group:${group}`);
  const key = cloud.world.all(KEY).find((row) => row.region === region && text(row.outputs, "arn") === keyArn);
  const context = new Map([
    ["kms:encryptioncontext:aws:logs:arn", [groupArn]],
    ["aws:sourceaccount", [cloud.account]],
    ["aws:sourcearn", [groupArn]],
  ]);
  const principals = [`logs.${region}.amazonaws.com`];
  const may = (action: string): boolean =>
    key !== undefined &&
    decide({ action, resource: keyArn, principals, context }, [], policyOfKey(cloud, key), { resourceMustAllow: true }).allowed;
  if (may("kms:Encrypt") && may("kms:Decrypt") && may("kms:GenerateDataKey")) return;
  throw new CloudError(
    "InvalidParameterException",
    `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}'`,
  );
}
