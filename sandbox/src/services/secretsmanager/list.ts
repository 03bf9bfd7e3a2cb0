import type { ApiCall } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { SECRET } from "./store.ts";

/** Secrets in one page (Secrets Manager API Reference, ListSecrets). */
const MOST = 100;

/** The text of a secret that a filter looks at, by the filter's key. */
const FILTERS: ReadonlyMap<string, (row: Resource) => string> = new Map([
  ["name", (row) => text(row.outputs, "name")],
  ["description", (row) => text(row.outputs, "description")],
  ["owning-service", (row) => text(row.outputs, "owningService")],
]);

/** ListSecrets, by name, in pages; every filter must hold, and of its values one. */
export function listSecrets(call: ApiCall, shown: (row: Resource) => Props): Props {
  const { cloud, input, region } = call;
  const filters = Array.isArray(input["Filters"]) ? (input["Filters"] as Props[]) : [];
  const size = input["MaxResults"] ?? MOST;
  if (typeof size !== "number" || size < 1 || size > MOST) throw invalid(`MaxResults must be between 1 and ${MOST}`);
  const rows = cloud.world
    .all(SECRET)
    .filter((row) => row.region === region && filters.every((filter) => holds(filter, row)))
    .sort((a, b) => (text(a.outputs, "name") < text(b.outputs, "name") ? -1 : 1));
  const start = startOf(text(input, "NextToken"));
  const next = start + size < rows.length ? { NextToken: String(start + size) } : {};
  return { SecretList: rows.slice(start, start + size).map(shown), ...next };
}

/** A value is the beginning of the text, and one that begins with `!` is what the text must not begin with. */
function holds(filter: Props, row: Resource): boolean {
  const key = text(filter, "Key");
  const read = FILTERS.get(key);
  if (read === undefined) {
    throw invalid(`The sandbox does not serve the filter "${key}"; it serves ${[...FILTERS.keys()].join(", ")}`);
  }
  const found = read(row).toLowerCase();
  return texts(filter, "Values").some((value) => {
    const excluded = value.startsWith("!");
    return found.startsWith((excluded ? value.slice(1) : value).toLowerCase()) !== excluded;
  });
}

function startOf(token: string): number {
  if (!/^\d*$/.test(token)) throw new CloudError("InvalidNextTokenException", "The NextToken value is invalid.");
  return Number(token || 0);
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidParameterException", `${message}.`);
}
