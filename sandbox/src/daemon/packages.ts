import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TypeSchema } from "../core/schema.ts";

/** The provider packages of which the sandbox serves types. */
export const PACKAGES = ["aws", "random"] as const;
export type PackageName = (typeof PACKAGES)[number];

/** What a provider package declares; written by `npm run sandbox:schema`. */
export interface PackageSchema {
  /** The package's version on npm, such as `7.48.0`. */
  readonly version: string;
  /** By type token. */
  readonly types: Readonly<Record<string, TypeSchema>>;
}

/** Reads the declarations of a package. */
export function readPackage(name: PackageName): PackageSchema {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../schema", `${name}.json`), "utf8")) as PackageSchema;
}
