import type { Props, Value } from "../core/values.ts";

/** A check of one known input: what is wrong with it, or undefined. */
export type Limit = (value: Value, inputs: Props) => string | undefined;

/** A value as a message shows it: strings in quotes, the rest as JSON. */
export function shown(value: Value): string {
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

/** The value must be one of these. */
export function oneOf(...allowed: (string | number)[]): Limit {
  return (value) =>
    (typeof value === "string" || typeof value === "number") && allowed.includes(value)
      ? undefined
      : `${shown(value)} is not one of the allowed values: ${allowed.join(", ")}`;
}

/** The value must be a number from `least` to `most`, both allowed. */
export function between(least: number, most: number): Limit {
  return (value) =>
    typeof value === "number" && value >= least && value <= most
      ? undefined
      : `${shown(value)} is out of range; allowed: ${least} to ${most}`;
}

/** The string must match; `rule` says in words what is allowed. */
export function matching(pattern: RegExp, rule: string): Limit {
  return (value) => (typeof value === "string" && pattern.test(value) ? undefined : `${shown(value)} is not allowed: ${rule}`);
}

/** The string's length must lie in this range. */
export function ofLength(least: number, most: number): Limit {
  return (value) =>
    typeof value === "string" && value.length >= least && value.length <= most
      ? undefined
      : `${shown(value)} has the wrong length; allowed: ${least} to ${most} characters`;
}

/** The value must pass all of these; the first fault is told. */
export function all(...limits: Limit[]): Limit {
  return (value, inputs) => {
    for (const limit of limits) {
      const fault = limit(value, inputs);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** The string must be an ARN of that service. */
export function arnOf(service: string): Limit {
  return matching(
    // What AWS itself owns, such as its managed policies, lies in the account "aws".
    new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]*:(\\d{12}|aws)?:.+$`),
    `expected an ARN such as arn:aws:${service}:...`,
  );
}

/** The string must be a JSON object. */
export const json: Limit = (value) => {
  if (typeof value !== "string") return `${shown(value)} is not a JSON document`;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "object" && parsed !== null ? undefined : `${shown(value)} is not a JSON object`;
  } catch (error) {
    return `contains an invalid JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** The names of `choices` that the inputs hold. */
export function given(inputs: Props, choices: readonly string[]): string[] {
  return choices.filter((name) => inputs[name] !== undefined && inputs[name] !== null && inputs[name] !== "");
}
