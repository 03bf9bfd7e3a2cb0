import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { all, matching, ofLength } from "../limits.ts";
import { groupArn } from "./log-group.ts";
import { LOG_GROUP, LOG_STREAM, noSuchGroup, requireGroup, storeKey } from "./log-groups.ts";
import { telemetry } from "./telemetry.ts";

/** A log stream that a program declares; those of workloads come by themselves. */
export const logStream: ResourceDefinition = {
  type: LOG_STREAM,
  replaceOn: ["logGroupName", "name"],
  autoName: { property: "name", maxLength: 512 },
  limits: { name: all(ofLength(1, 512), matching(/^[^:*]*$/, "':' and '*' are not")) },
  references: [{ path: "logGroupName", to: LOG_GROUP, by: ["name"], missing: noSuchGroup }],
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    const group = requireGroup(cloud, text(inputs, "logGroupName"), region);
    const { logs } = telemetry(cloud);
    if (logs.hasStream(storeKey(group), name)) {
      throw new CloudError("ResourceAlreadyExistsException", "The specified log stream already exists");
    }
    return { id: `${group.id}:${name}`, outputs: { arn: `${groupArn(cloud, region, group.id)}:log-stream:${name}` } };
  },
  run: (cloud, row) => {
    const group = { id: text(row.inputs, "logGroupName"), region: row.region };
    telemetry(cloud).logs.createStream(storeKey(group), text(row.inputs, "name"), cloud.now());
    return Promise.resolve(undefined);
  },
  halt: (cloud, row) => {
    telemetry(cloud).logs.deleteStream(
      storeKey({ id: text(row.inputs, "logGroupName"), region: row.region }),
      text(row.inputs, "name"),
    );
    return Promise.resolve();
  },
};
