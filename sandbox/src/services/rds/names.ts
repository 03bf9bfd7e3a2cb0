import { randomBytes } from "node:crypto";
import { type Props, text, type Value } from "../../core/values.ts";
import type { Limit } from "../limits.ts";

/** A value as messages show it. */
export function shown(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The first rule that the value breaks, in the provider's words. */
function firstBroken(rules: readonly (readonly [holds: RegExp, otherwise: string])[]): Limit {
  return (value) => rules.find(([holds]) => !holds.test(shown(value)))?.[1];
}

/** Names of clusters and instances (RDS API Reference, CreateDBCluster; the wording is the AWS provider's). */
export function identifier(property: string): Limit {
  return firstBroken([
    [/^[0-9a-z-]+$/, `only lowercase alphanumeric characters and hyphens allowed in "${property}"`],
    [/^[a-z]/, `first character of "${property}" must be a letter`],
    [/^(?!.*--)/, `"${property}" cannot contain two consecutive hyphens`],
    [/[^-]$/, `"${property}" cannot end with a hyphen`],
    [/^.{1,63}$/, `"${property}" cannot be longer than 63 characters`],
  ]);
}

/** The beginning of such a name; 26 characters are added to it. */
export function identifierPrefix(property: string): Limit {
  return firstBroken([
    [/^[0-9a-z-]+$/, `only lowercase alphanumeric characters and hyphens allowed in "${property}"`],
    [/^[a-z]/, `first character of "${property}" must be a letter`],
    [/^(?!.*--)/, `"${property}" cannot contain two consecutive hyphens`],
    [/^.{1,37}$/, `"${property}" cannot be longer than 37 characters`],
  ]);
}

export const parameterGroupName: Limit = firstBroken([
  [/^[0-9a-z.-]+$/, 'only lowercase alphanumeric characters, periods, and hyphens allowed in parameter group "name"'],
  [/^[a-z]/, 'first character of parameter group "name" must be a letter'],
  [/^(?!.*--)/, 'parameter group "name" cannot contain two consecutive hyphens'],
  [/[^-]$/, 'parameter group "name" cannot end with a hyphen'],
  [/^.{1,255}$/, 'parameter group "name" cannot be greater than 255 characters'],
]);

export const parameterGroupPrefix: Limit = firstBroken([
  [/^[0-9a-z-]+$/, 'only lowercase alphanumeric characters and hyphens allowed in parameter group "namePrefix"'],
  [/^[a-z]/, 'first character of parameter group "namePrefix" must be a letter'],
  [/^(?!.*--)/, 'parameter group "namePrefix" cannot contain two consecutive hyphens'],
  [/^.{1,229}$/, 'parameter group "namePrefix" cannot be greater than 229 characters'],
]);

export const subnetGroupName: Limit = firstBroken([
  [/^[0-9a-z_ .-]+$/, 'only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed in "name"'],
  [/^.{1,255}$/, '"name" cannot be longer than 255 characters'],
  [/^(?!default$)/, '"Default" is not allowed as "name"'],
]);

/** Names of snapshots; one of a cluster's final snapshot may have capitals, which RDS makes small. */
export function snapshotName(property: string): Limit {
  return firstBroken([
    [/^[0-9A-Za-z-]+$/, `only alphanumeric characters and hyphens allowed in "${property}"`],
    [/^(?!.*--)/, `"${property}" cannot contain two consecutive hyphens`],
    [/[^-]$/, `"${property}" cannot end in a hyphen`],
    [/^.{1,255}$/, `"${property}" cannot be longer than 255 characters`],
  ]);
}

/** Refuses the input where another one that excludes it is given as well. */
export function without(property: string, ...others: string[]): Limit {
  return (value, inputs) => {
    const clash = others.find((other) => inputs[other] !== undefined && inputs[other] !== null);
    return clash === undefined || value === false ? undefined : `"${property}": conflicts with ${clash}`;
  };
}

/** The name in `property`; where only a prefix or nothing is given, one that is drawn as the AWS provider draws it: `tf-` or the prefix, the time, a count. */
export function nameOr(inputs: Props, property: string, prefix = "tf-"): string {
  const stamp = new Date().toISOString().replaceAll(/\D/g, "").slice(0, 17);
  return text(inputs, property) || `${text(inputs, `${property}Prefix`) || prefix}${stamp}0${randomBytes(4).toString("hex")}`;
}
