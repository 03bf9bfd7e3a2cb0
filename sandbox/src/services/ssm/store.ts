import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, type Props } from "../../core/values.ts";

export const ASSOCIATION = "aws:ssm/association:Association";
export const PARAMETER = "aws:ssm/parameter:Parameter";

/** The key that encrypts what no program chose a key for. */
export const DEFAULT_KEY = "alias/aws/ssm";

/** Characters of a value, by tier (Systems Manager User Guide, "Managing parameter tiers"). */
const LONGEST = { Standard: 4096, Advanced: 8192 };

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

/** What is wrong with an allowed pattern, or undefined. */
export function faultInPattern(pattern: string): string | undefined {
  try {
    new RegExp(`^(?:${pattern})$`);
    return undefined;
  } catch (error) {
    return `"${pattern}" is not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Throws if the value is empty, longer than the tier allows, or does not match the allowed pattern; the value itself is not told. */
export function checkValue(value: string, tier: string, pattern: string): void {
  if (value === "") {
    throw new CloudError(
      "ValidationException",
      "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  const kind = tier === "Standard" || tier === "" ? "Standard" : "Advanced";
  if (value.length > LONGEST[kind]) {
    throw new CloudError(
      "ValidationException",
      `${kind} tier parameters support a maximum parameter value of ${LONGEST[kind]} characters.`,
    );
  }
  if (pattern === "") return;
  const fault = faultInPattern(pattern);
  if (fault !== undefined) throw new CloudError("InvalidAllowedPatternException", `The allowed pattern cannot be used: ${fault}`);
  if (new RegExp(`^(?:${pattern})$`).test(value)) return;
  throw new CloudError(
    "ParameterPatternMismatchException",
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );
}

/** Throws if an advanced parameter is to become a standard one: the service wants it deleted and made again. */
export function refuseDowngrade(before: string, tier: string): void {
  if (before !== "Advanced" || tier !== "Standard") return;
  throw new CloudError(
    "ValidationException",
    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
  );
}

/** The value that these inputs or outputs of a parameter hold, whichever of them it was given by. */
export function valueIn(props: Props): string {
  return text(props, "value") || text(props, "insecureValue") || text(props, "valueWo");
}

/** The value of a parameter. */
export function valueOf(row: Pick<Resource, "outputs">): string {
  return valueIn(row.outputs);
}
