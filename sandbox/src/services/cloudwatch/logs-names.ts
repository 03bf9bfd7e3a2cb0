import type { ApiCall, Demand } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { InputReader, TextRule } from "./input-reader.ts";
import { requireGroup, storeKey } from "./log-groups.ts";
import { telemetry } from "./telemetry.ts";

/** What CloudWatch Logs takes as names. Source: API reference, `logGroupName` and `logStreamName`. */
export const GROUP_NAME: TextRule = { most: 512, pattern: /^[.\-_/#A-Za-z0-9]+$/ };
export const STREAM_NAME: TextRule = { most: 512, pattern: /^[^:*]*$/ };
const GROUP_IDENTIFIER: TextRule = { most: 2048, pattern: /^[\w#+=/:,.@-]*$/ };

/** The group that a call names, by name or ARN. Throws every fault that `read` has found so far, or `ResourceNotFoundException`. */
export function requireNamedGroup(call: ApiCall, read: InputReader): Resource {
  const byIdentifier = read.has("logGroupIdentifier");
  if (byIdentifier) read.optionalText("logGroupIdentifier", GROUP_IDENTIFIER);
  else read.text("logGroupName", GROUP_NAME);
  read.check("InvalidParameterException");
  if (byIdentifier && read.has("logGroupName"))
    throw new CloudError("InvalidParameterException", "Only one of logGroupName and logGroupIdentifier can be specified.");
  return requireGroup(call.cloud, groupNamed(call), call.region);
}

/** Throws `ResourceNotFoundException` if the group has no such stream. */
export function requireStream(call: ApiCall, group: Resource, name: string): void {
  if (!telemetry(call.cloud).logs.hasStream(storeKey(group), name))
    throw new CloudError("ResourceNotFoundException", "The specified log stream does not exist.");
}

/** What is asked of IAM for a call about one stream. */
export function onStream(call: ApiCall, action: string): Demand {
  return { action: `logs:${action}`, resource: `${groupArnOf(call)}:log-stream:${text(call.input, "logStreamName")}` };
}

/** For a call about a whole group. Its ARN ends as a stream's with no name: a policy must say `<group>:*`, not the bare group. */
export function onGroup(call: ApiCall, action: string): Demand {
  return { action: `logs:${action}`, resource: `${groupArnOf(call)}:log-stream:` };
}

/** For a call about all groups, whatever prefix it gives. */
export function onEveryGroup({ cloud, region }: ApiCall, action: string): Demand {
  return { action: `logs:${action}`, resource: `arn:aws:logs:${region}:${cloud.account}:log-group::log-stream:` };
}

function groupArnOf(call: ApiCall): string {
  return `arn:aws:logs:${call.region}:${call.cloud.account}:log-group:${groupNamed(call)}`;
}

function groupNamed({ input }: ApiCall): string {
  const identifier = text(input, "logGroupIdentifier");
  return identifier === "" ? text(input, "logGroupName") : identifier.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, "");
}
