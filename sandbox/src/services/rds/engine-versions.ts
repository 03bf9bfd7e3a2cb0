import { CloudError } from "../../core/definition.ts";
import { invalidCombination } from "./errors.ts";
import { ENGINE } from "./types.ts";

/** A version of Aurora PostgreSQL. */
export interface EngineVersion {
  readonly major: number;
  readonly minor: number;
}

/** Major versions that can be created, and the one that a cluster gets which asks for none (Aurora User Guide, "Aurora PostgreSQL releases"). */
const MAJORS = [13, 14, 15, 16, 17, 18];
const DEFAULT_VERSION = "17.4";
/** What a version without a minor number becomes. */
const DEFAULT_MINORS: Readonly<Record<number, number>> = { 13: 20, 14: 17, 15: 12, 16: 8, 17: 4, 18: 1 };

/** First minor of each major with Serverless v2, and with a pause at 0 ACU ("Requirements and limitations for Aurora Serverless v2"). */
const SERVERLESS: Readonly<Record<number, readonly [from: number, pausesFrom: number]>> = {
  13: [6, 15],
  14: [3, 12],
  15: [2, 7],
  16: [1, 3],
};

/** The version asked for, whole: `17` becomes `17.4`, nothing the default. Throws where there is none. */
export function resolveVersion(asked: string): string {
  if (asked === "") return DEFAULT_VERSION;
  const [, major, minor] = /^(\d{2})(?:\.(\d{1,2}))?$/.exec(asked) ?? [];
  if (major === undefined || !MAJORS.includes(Number(major)))
    throw invalidCombination(`Cannot find version ${asked} for ${ENGINE}`);
  return `${major}.${minor ?? String(DEFAULT_MINORS[Number(major)] ?? 1)}`;
}

export function parseVersion(version: string): EngineVersion {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return { major, minor };
}

/** The parameter group family of a version, such as `aurora-postgresql17`. */
export function familyOf(version: string): string {
  return `${ENGINE}${String(parseVersion(version).major)}`;
}

/** The families that exist. */
export const FAMILIES: readonly string[] = MAJORS.map((major) => `${ENGINE}${String(major)}`);

/** Refuses a range that the version cannot have. The steps and bounds of the numbers themselves are checked as inputs. */
export function requireServerless(version: string, minCapacity: number): void {
  const { major, minor } = parseVersion(version);
  const [from, pausesFrom] = SERVERLESS[major] ?? [0, 0];
  if (minor < from) throw invalidCombination(`Serverless v2 isn't supported for ${ENGINE} version ${version}.`);
  if (minCapacity === 0 && minor < pausesFrom) {
    throw new CloudError(
      "InvalidParameterValue",
      `Serverless v2 minimum capacity 0.0 isn't valid. The minimum capacity must be at least 0.5 for ${ENGINE} ${version}.`,
    );
  }
}

/** Refuses a change of version that AWS would not make in place. */
export function requireUpgrade(from: string, to: string, allowMajor: boolean): void {
  const [before, after] = [parseVersion(from), parseVersion(to)];
  if (after.major < before.major || (after.major === before.major && after.minor < before.minor))
    throw invalidCombination(`Cannot upgrade ${ENGINE} from ${from} to ${to}`);
  if (after.major > before.major && !allowMajor)
    throw invalidCombination("The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.");
}
