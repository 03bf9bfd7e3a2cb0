import type { ApiCall } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { historyOf } from "./history.ts";
import { pageOf } from "./read-calls.ts";
import { PARAMETER } from "./store.ts";

/** Parameters in one page (SSM API Reference, DescribeParameters). */
const MOST = 50;

/** The text of a parameter that a filter looks at, by the filter's key. */
const FILTERS: ReadonlyMap<string, (row: Resource) => string> = new Map([
  ["Name", (row) => row.id],
  ["Type", (row) => text(row.outputs, "type")],
  ["KeyId", (row) => text(row.outputs, "keyId")],
  ["Tier", (row) => text(row.outputs, "tier")],
]);

/** DescribeParameters: all of a parameter but its value. */
export function describeParameters(call: ApiCall): Props {
  const filters = Array.isArray(call.input["ParameterFilters"]) ? (call.input["ParameterFilters"] as Props[]) : [];
  const all = call.cloud.world
    .all(PARAMETER)
    .filter((row) => row.region === call.region && filters.every((filter) => holds(filter, row)))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const { rows, next } = pageOf(call, all, MOST);
  return { Parameters: rows.map((row) => described(call, row)), ...next };
}

function holds(filter: Props, row: Resource): boolean {
  const [key, option] = [text(filter, "Key"), text(filter, "Option") || "Equals"];
  const read = FILTERS.get(key);
  if (read === undefined) {
    throw new CloudError(
      "InvalidFilterKey",
      `The sandbox does not serve the filter key "${key}"; it serves ${[...FILTERS.keys()].join(", ")}.`,
    );
  }
  const found = read(row);
  if (option === "Equals") return texts(filter, "Values").includes(found);
  if (option === "BeginsWith") return texts(filter, "Values").some((value) => found.startsWith(value));
  if (option === "Contains") return texts(filter, "Values").some((value) => found.includes(value));
  throw new CloudError("InvalidFilterOption", `"${option}" is not one of the allowed options: Equals, BeginsWith, Contains.`);
}

function described(call: ApiCall, { id, outputs }: Resource): Props {
  const latest = historyOf(call.cloud, id, call.region).at(-1);
  const optional = {
    Description: text(outputs, "description"),
    AllowedPattern: text(outputs, "allowedPattern"),
    KeyId: text(outputs, "keyId"),
  };
  return {
    Name: id,
    ARN: text(outputs, "arn"),
    Type: text(outputs, "type"),
    Tier: text(outputs, "tier") || "Standard",
    DataType: text(outputs, "dataType") || "text",
    Version: latest?.version ?? 1,
    LastModifiedDate: (latest?.modified ?? 0) / 1000,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== "")),
  };
}
