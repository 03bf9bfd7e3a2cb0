import type { Limit } from "../limits.ts";
import { instanceTypeFault } from "./instance-types.ts";

/** `ami-` and 8 or 17 hexadecimal digits, or a parameter that EC2 looks up. Which images there are only AWS knows. */
export const amiId: Limit = (value) =>
  typeof value === "string" && /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/.test(value)
    ? undefined
    : `Invalid id: ${JSON.stringify(value)} (expecting "ami-..." with 8 or 17 hexadecimal digits)`;

/** A type that the sandbox knows. */
export const instanceType: Limit = (value) => instanceTypeFault(String(value));
