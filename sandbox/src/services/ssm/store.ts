import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";

export const ASSOCIATION = "aws:ssm/association:Association";
export const PARAMETER = "aws:ssm/parameter:Parameter";

/** The parameter of that name (or ARN) in the region. */
export function findParameter(cloud: Cloud, name: string, region: string): Resource | undefined {
  return cloud.world.all(PARAMETER).find((row) => row.region === region && (row.id === name || row.outputs["arn"] === name));
}

/** The ARN of a parameter: a name's leading slash is not doubled. */
export function parameterArn(cloud: Cloud, name: string, region: string): string {
  return arn("ssm", region, cloud.account, `parameter${name.startsWith("/") ? "" : "/"}${name}`);
}

/** The error for a name that is taken. */
export function alreadyExists(): CloudError {
  return new CloudError(
    "ParameterAlreadyExists",
    "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  );
}

/** What a name must look like; undefined when it does. Source: SSM API reference, PutParameter. */
export function faultInName(name: string): string | undefined {
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name)) return "Only a mix of letters, numbers and the following 4 symbols .-_/ are allowed.";
  if (name.includes("/") && !name.startsWith("/")) return "Parameter name must be a fully qualified name.";
  if (name.split("/").length - 1 > 15) return "The parameter name can have at most 15 levels of hierarchy.";
  if (/^\/?(aws|ssm)/i.test(name)) return 'No access to reserved parameter name: "aws" and "ssm" can\'t begin a name.';
  return undefined;
}

/** Throws if the value is longer than the tier allows or does not match the allowed pattern. */
export function checkValue(value: string, tier: string, pattern: string): void {
  const limit = tier === "Advanced" || tier === "Intelligent-Tiering" ? 8192 : 4096;
  if (Buffer.byteLength(value) > limit) {
    throw new CloudError(
      "ValidationException",
      `Standard tier parameters support a maximum parameter value of ${String(limit)} characters.`,
    );
  }
  if (pattern !== "" && !new RegExp(`^(?:${pattern})$`).test(value)) {
    throw new CloudError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
  }
}

/** The value of a parameter row, whichever input gave it. */
export function valueOf(row: Resource): string {
  return text(row.outputs, "value") || text(row.outputs, "insecureValue") || text(row.outputs, "valueWo");
}
