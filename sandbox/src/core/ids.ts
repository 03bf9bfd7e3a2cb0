import { createHash, randomBytes } from "node:crypto";

/** An id in EC2's shape: the prefix and 17 hexadecimal digits, such as `vpc-0123456789abcdef0`. */
export function newId(prefix: string): string {
  return `${prefix}-0${randomBytes(8).toString("hex")}`;
}

/** A UUID-like or short token derived from its parts: the same parts give the same token. */
export function derived(length: number, ...parts: string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, length);
}

/** An Amazon Resource Name in the `aws` partition. */
export function arn(service: string, region: string, account: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}
