import type { ApiCall, Operations } from "../../api/operation.ts";
import { CloudError } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { InputReader } from "./input-reader.ts";
import { describeLogGroups, describeLogStreams } from "./logs-list.ts";
import { onEveryGroup, onGroup, onStream, requireNamedGroup, STREAM_NAME } from "./logs-names.ts";
import { putLogEvents } from "./logs-put.ts";
import { filterLogEvents, getLogEvents } from "./logs-read.ts";
import { storeKey } from "./log-groups.ts";
import { telemetry } from "./telemetry.ts";

/** CloudWatch Logs. What IAM is asked is what the service authorization reference says; the resources are those that AWS's own denials name. */
export const logsOperations: Operations = {
  CreateLogStream: { demands: (call) => onStream(call, "CreateLogStream"), run: createLogStream },
  DescribeLogGroups: { demands: (call) => onEveryGroup(call, "DescribeLogGroups"), run: describeLogGroups },
  DescribeLogStreams: { demands: (call) => onGroup(call, "DescribeLogStreams"), run: describeLogStreams },
  FilterLogEvents: { demands: (call) => onGroup(call, "FilterLogEvents"), run: filterLogEvents },
  GetLogEvents: { demands: (call) => onStream(call, "GetLogEvents"), run: getLogEvents },
  PutLogEvents: { demands: (call) => onStream(call, "PutLogEvents"), run: putLogEvents },
};

function createLogStream(call: ApiCall): Props {
  const read = new InputReader(call.input);
  const name = read.text("logStreamName", STREAM_NAME);
  const group = requireNamedGroup(call, read);
  if (!telemetry(call.cloud).logs.createStream(storeKey(group), name, call.cloud.now()))
    throw new CloudError("ResourceAlreadyExistsException", "The specified log stream already exists");
  return {};
}
