import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn, derived } from "../../core/ids.ts";
import { text, type Props } from "../../core/values.ts";
import { all, matching, ofLength, oneOf } from "../limits.ts";
import { LOG_GROUP, LOG_METRIC_FILTER, LOG_STREAM, RETENTION_DAYS, storeKey } from "./log-groups.ts";
import { dropPending } from "./logs.ts";
import { refuseKeyForLogs } from "./logs-key.ts";
import { telemetry } from "./telemetry.ts";

const name = all(ofLength(1, 512), matching(/^[\w./#-]+$/, "only letters, digits and _ - / . # are"));

/** A log group: lines are kept on this machine for as long as its retention says. */
export const logGroup: ResourceDefinition = {
  type: LOG_GROUP,
  replaceOn: ["logGroupClass", "name", "namePrefix"],
  autoName: { property: "name", maxLength: 512 },
  defaults: { retentionInDays: 0, skipDestroy: false },
  limits: {
    name,
    namePrefix: name,
    retentionInDays: oneOf(...RETENTION_DAYS),
    skipDestroy: (value) =>
      value === true ? "the sandbox always deletes a log group with its lines; skipDestroy must be false" : undefined,
    logGroupClass: oneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
  },
  create: ({ cloud, inputs, region, urn }) => {
    const groupName = text(inputs, "name") || `${text(inputs, "namePrefix")}${derived(26, urn, String(cloud.now()))}`;
    if (cloud.world.get(LOG_GROUP, groupName, region) !== undefined) {
      throw new CloudError("ResourceAlreadyExistsException", "The specified log group already exists");
    }
    refuseKeyForLogs(cloud, region, groupName, text(inputs, "kmsKeyId"));
    return {
      id: groupName,
      outputs: {
        name: groupName,
        arn: groupArn(cloud, region, groupName),
        ...settingsOf(inputs),
        created: cloud.now(),
      },
    };
  },
  update: ({ cloud, inputs, region }, before) => {
    refuseKeyForLogs(cloud, region, before.id, text(inputs, "kmsKeyId"));
    return settingsOf(inputs);
  },
  remove: (cloud, group) => {
    if (group.inputs["deletionProtectionEnabled"] === true) {
      throw new CloudError(
        "ValidationException",
        "The specified log group has deletion protection enabled. Disable deletion protection before deleting it.",
      );
    }
    const own = (row: { readonly region: string; readonly inputs: { readonly logGroupName?: unknown } }): boolean =>
      row.region === group.region && row.inputs.logGroupName === group.id;
    for (const row of [...cloud.world.all(LOG_METRIC_FILTER), ...cloud.world.all(LOG_STREAM)])
      if (own(row)) cloud.world.drop(row);
  },
  halt: (cloud, group) => {
    dropPending(cloud, group.id);
    telemetry(cloud).logs.deleteGroup(storeKey(group));
    return Promise.resolve();
  },
};

/** What the provider shows where the program said nothing. */
function settingsOf(inputs: Props): Props {
  return {
    logGroupClass: inputs["logGroupClass"] ?? "STANDARD",
    deletionProtectionEnabled: inputs["deletionProtectionEnabled"] ?? false,
  };
}

/** As the provider gives it: without the `:*` that the API puts behind. */
export function groupArn(cloud: Cloud, region: string, group: string): string {
  return arn("logs", region, cloud.account, `log-group:${group}`);
}
