/** Versions of each engine, with what runs for them, newest first. Source: ElastiCache user guide, "Engine versions and upgrading". */
const VERSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  valkey: { "9.0": "9.0.0", "8.2": "8.2.0", "8.1": "8.1.0", "8.0": "8.0.1", "7.2": "7.2.6" },
  redis: { "7.1": "7.1.0", "7.0": "7.0.7", "6.2": "6.2.6", "6.x": "6.2.6", "5.0.6": "5.0.6" },
};

/** What ElastiCache takes where no version is asked for. */
const DEFAULT: Readonly<Record<string, string>> = { valkey: "8.2", redis: "7.1" };

/** The version that runs for one that was asked for (empty for none); undefined where there is none such. */
export function actualVersion(engine: string, asked: string): string | undefined {
  return VERSIONS[engine]?.[asked === "" ? (DEFAULT[engine] ?? "") : asked];
}

/** What may be asked for. */
export function versionsOf(engine: string): string[] {
  return Object.keys(VERSIONS[engine] ?? {});
}

/** The family of parameters that goes with a version: `valkey8`, `redis7`, `redis6.x`. */
export function familyOf(engine: string, actual: string): string {
  const [major = "0", minor = "0"] = actual.split(".");
  if (engine === "redis" && major === "6") return "redis6.x";
  return engine === "redis" && Number(major) < 6 ? `redis${major}.${minor}` : `${engine}${major}`;
}

/** Every family that a parameter group may have. */
export const FAMILIES = [
  ...new Set(
    Object.entries(VERSIONS).flatMap(([engine, versions]) => Object.values(versions).map((actual) => familyOf(engine, actual))),
  ),
];

/** Whether a version is at least another; both in full. */
export function atLeast(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split(".").map(Number));
  for (let index = 0; index < 3; index++) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
