import type { ApiCall, Demand, Operations } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { alreadyExists, checkValue, faultInName, findParameter, PARAMETER, parameterArn, valueOf } from "./store.ts";

/** Parameter Store. */
export const ssmOperations: Operations = {
  GetParameter: {
    demands: (call) => onParameter(call, "GetParameter", text(call.input, "Name")),
    run: (call) => {
      const row = findParameter(call.cloud, text(call.input, "Name"), call.region);
      if (row === undefined) throw new CloudError("ParameterNotFound", "");
      return { Parameter: shown(row, call) };
    },
  },
  GetParameters: {
    demands: (call) => texts(call.input, "Names").map((name) => onParameter(call, "GetParameters", name)),
    run: (call) => {
      const found = texts(call.input, "Names").map((name) => [name, findParameter(call.cloud, name, call.region)] as const);
      return {
        Parameters: found.flatMap(([, row]) => (row === undefined ? [] : [shown(row, call)])),
        InvalidParameters: found.flatMap(([name, row]) => (row === undefined ? [name] : [])),
      };
    },
  },
  GetParametersByPath: { demands: (call) => onParameter(call, "GetParametersByPath", text(call.input, "Path")), run: byPath },
  PutParameter: { demands: (call) => onParameter(call, "PutParameter", text(call.input, "Name")), run: putParameter },
};

function onParameter(call: ApiCall, action: string, name: string): Demand {
  const resource = name.startsWith("arn:") ? name : parameterArn(call.cloud, name, call.region);
  return { action: `ssm:${action}`, resource };
}

function byPath(call: ApiCall): Props {
  const path = text(call.input, "Path").replace(/\/?$/, "/");
  const recursive = call.input["Recursive"] === true;
  const rows = call.cloud.world
    .all(PARAMETER)
    .filter(
      (row) => row.region === call.region && row.id.startsWith(path) && (recursive || !row.id.slice(path.length).includes("/")),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const size = Number(call.input["MaxResults"] ?? 10);
  const start = Number(text(call.input, "NextToken") || 0);
  const next = start + size < rows.length ? { NextToken: String(start + size) } : {};
  return { Parameters: rows.slice(start, start + size).map((row) => shown(row, call)), ...next };
}

function putParameter(call: ApiCall): Props {
  const { cloud, region, input } = call;
  const name = text(input, "Name");
  const fault = faultInName(name);
  if (fault !== undefined) throw new CloudError("ValidationException", fault);
  const before = findParameter(cloud, name, region);
  if (before !== undefined && input["Overwrite"] !== true) {
    throw alreadyExists();
  }
  const value = text(input, "Value");
  const tier = text(input, "Tier") || "Standard";
  checkValue(value, tier, text(input, "AllowedPattern"));
  const version = Number(before?.outputs["version"] ?? 0) + 1;
  const changed = { value, type: text(input, "Type") || text(before?.outputs ?? {}, "type") || "String", version };
  if (before !== undefined) cloud.world.setOutputs(before, changed);
  else {
    const outputs = {
      ...changed,
      name,
      tier,
      dataType: "text",
      id: name,
      arn: parameterArn(cloud, name, region),
      description: text(input, "Description"),
    };
    cloud.world.put({
      type: PARAMETER,
      id: name,
      urn: "",
      region,
      inputs: { name, type: changed.type, value },
      outputs,
      phase: "ready",
      claimed: true,
    });
  }
  return { Version: version, Tier: tier };
}

/** A parameter as the API shows it; a SecureString asked for without decryption is given encrypted, and no one can read that. */
function shown(row: Resource, call: ApiCall): Props {
  const secure = row.outputs["type"] === "SecureString";
  const value =
    secure && call.input["WithDecryption"] !== true ? Buffer.from(`sandbox:${row.id}`).toString("base64") : valueOf(row);
  return {
    Name: row.id,
    Type: text(row.outputs, "type"),
    Value: value,
    Version: Number(row.outputs["version"] ?? 1),
    ARN: text(row.outputs, "arn"),
    DataType: text(row.outputs, "dataType") || "text",
  };
}
