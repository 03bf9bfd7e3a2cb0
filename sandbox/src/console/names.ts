import type { Resource } from "../core/definition.ts";

/** The fragment by which links reach a resource: letters, digits and hyphens. */
export function anchorOf({ type, region, id }: Pick<Resource, "type" | "region" | "id">): string {
  return `r-${[type.split(":").at(-1) ?? type, region, id].join("-").replace(/[^A-Za-z0-9]+/g, "-")}`;
}

/** The logical name: the last part of the URN; the id of what no program asked for. */
export function nameOf({ urn, id }: Pick<Resource, "urn" | "id">): string {
  return urn === "" ? id : (urn.split("::").at(-1) ?? id);
}

/** "1 alarm", "2 alarms". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
