/** A value as it crosses the provider protocol, once secrets are unwrapped. */
export type Value = null | boolean | number | string | Value[] | Props;

/** The inputs or outputs of a resource. */
export interface Props {
  [name: string]: Value | undefined;
}

/** What the engine sends for a value that a preview cannot know yet (sdk/go/common/resource/plugin/rpc.go, UnknownStringValue). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value, or anything inside it, is not known yet. */
export function hasUnknown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (value !== null && typeof value === "object") return Object.values(value).some(hasUnknown);
  return false;
}

/** The values that a path such as `subnetIds[]` or `vpcConfig.subnetIds[]` leads to; absent parts lead to nothing. */
export function valuesAt(props: Props, path: string): Value[] {
  let found: Value[] = [props];
  for (const step of path.split(".")) {
    const name = step.replace(/\[\]$/, "");
    found = found.flatMap((value) => {
      if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
      const next = value[name];
      if (next === undefined || next === null) return [];
      return step.endsWith("[]") && Array.isArray(next) ? next : [next];
    });
  }
  return found;
}

/** Whether a value is an object with named members. */
export function isProps(value: Value | undefined): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The string property `name`, or "" where it is absent: for properties that the schema makes strings. */
export function text(props: Props, name: string): string {
  const value = props[name];
  return typeof value === "string" ? value : "";
}

/** The first string that a path such as `visibilityConfig.metricName` leads to, or "". */
export function textAt(props: Props, path: string): string {
  return valuesAt(props, path).find((value) => typeof value === "string") ?? "";
}

/** The list of strings under `name`; empty where it is absent. */
export function texts(props: Props, name: string): string[] {
  const value = props[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
