import type { ApiCall } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { historyOf, type ParameterVersion } from "./history.ts";
import { findParameter, PARAMETER } from "./store.ts";

/** Names in one GetParameters, and parameters in one page of GetParametersByPath (SSM API Reference). */
const MOST = 10;

/** A name as calls give it, taken apart: `/shop/url:3` is version 3 of `/shop/url`. */
export function selected(given: string): { readonly name: string; readonly selector: string } {
  const head = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:/.exec(given)?.[0] ?? "";
  const [name = "", ...selector] = given.slice(head.length).split(":");
  return { name: head + name, selector: selector.join(":") };
}

/** GetParameter. */
export function getOne(call: ApiCall): Props {
  return { Parameter: read(call, text(call.input, "Name")) };
}

/** GetParameters: those that are not there are named. */
export function getSeveral(call: ApiCall): Props {
  const names = texts(call.input, "Names");
  if (names.length < 1 || names.length > MOST) throw invalid("names", `Member must have length between 1 and ${MOST}`);
  const found: Props[] = [];
  const missing: string[] = [];
  for (const name of names) {
    try {
      found.push(read(call, name));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      missing.push(name);
    }
  }
  return { Parameters: found, InvalidParameters: missing };
}

/** GetParametersByPath, by name, in pages. */
export function getByPath(call: ApiCall): Props {
  if (Array.isArray(call.input["ParameterFilters"]) && call.input["ParameterFilters"].length > 0)
    throw new CloudError("InvalidFilterKey", "The sandbox does not serve ParameterFilters of GetParametersByPath.");
  const { rows, next } = pageOf(call, rowsUnder(call), MOST);
  return { Parameters: rows.map((row) => shown(call, row, latest(call, row))), ...next };
}

/** GetParameterHistory: all versions that are kept, oldest first. */
export function getHistory(call: ApiCall): Props {
  const row = required(call, text(call.input, "Name"));
  const versions = historyOf(call.cloud, row.id, call.region).map((version) => ({
    ...shown(call, row, version),
    Description: version.description,
    ...(version.keyId === "" ? {} : { KeyId: version.keyId }),
  }));
  return { Parameters: versions };
}

/** The path of the call, with a slash at its end. */
export function pathOf(call: ApiCall): string {
  const path = text(call.input, "Path");
  if (!path.startsWith("/")) {
    throw new CloudError(
      "ValidationException",
      `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore).`,
    );
  }
  return path.replace(/\/?$/, "/");
}

/** The parameters under the call's path, by name: those of the next level only, unless the call says otherwise. */
export function rowsUnder(call: ApiCall): Resource[] {
  const path = pathOf(call);
  const recursive = call.input["Recursive"] === true;
  // A name without a slash stands at the root.
  const place = (row: Resource): string => (row.id.startsWith("/") ? row.id : `/${row.id}`);
  return call.cloud.world
    .all(PARAMETER)
    .filter((row) => row.region === call.region && place(row).startsWith(path))
    .filter((row) => recursive || !place(row).slice(path.length).includes("/"))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** One page of rows as `MaxResults` and `NextToken` say, and the token of the next. */
export function pageOf(
  call: ApiCall,
  rows: readonly Resource[],
  most: number,
): { readonly rows: readonly Resource[]; readonly next: Props } {
  const size = call.input["MaxResults"] ?? most;
  if (typeof size !== "number" || size < 1 || size > most)
    throw invalid("maxResults", `Member must have value between 1 and ${most}`);
  const token = text(call.input, "NextToken");
  if (!/^\d*$/.test(token)) throw new CloudError("InvalidNextToken", "The specified token isn't valid.");
  const start = Number(token || 0);
  const end = start + size;
  return { rows: rows.slice(start, end), next: end < rows.length ? { NextToken: String(end) } : {} };
}

/** The refusal of an input. */
export function invalid(field: string, constraint: string): CloudError {
  return new CloudError(
    "ValidationException",
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${constraint}`,
  );
}

/** The parameter of that name. Throws `ParameterNotFound`. */
export function required(call: ApiCall, name: string): Resource {
  const row = findParameter(call.cloud, name, call.region);
  if (row === undefined) throw new CloudError("ParameterNotFound", `Parameter ${name} not found.`);
  return row;
}

function read(call: ApiCall, given: string): Props {
  const { name, selector } = selected(given);
  const row = required(call, name);
  if (selector === "") return shown(call, row, latest(call, row));
  const version = historyOf(call.cloud, row.id, call.region).find((one) => String(one.version) === selector);
  if (version === undefined) {
    throw new CloudError(
      "ParameterVersionNotFound",
      `Systems Manager could not find version ${selector} of ${row.id}. Verify the version and try again.`,
    );
  }
  return { ...shown(call, row, version), Selector: `:${selector}` };
}

function latest(call: ApiCall, row: Resource): ParameterVersion | undefined {
  return historyOf(call.cloud, row.id, call.region).at(-1);
}

/** A version as the API shows it; a SecureString asked for without decryption is given encrypted, and no one can read that. */
function shown(call: ApiCall, row: Resource, version: ParameterVersion | undefined): Props {
  const { value = "", type = "String", modified = 0 } = version ?? {};
  const hidden = type === "SecureString" && call.input["WithDecryption"] !== true;
  return {
    Name: row.id,
    Type: type,
    Value: hidden ? Buffer.from(`encrypted:${row.id}`).toString("base64") : value,
    Version: version?.version ?? 1,
    LastModifiedDate: modified / 1000,
    ARN: text(row.outputs, "arn"),
    DataType: text(row.outputs, "dataType") || "text",
  };
}
