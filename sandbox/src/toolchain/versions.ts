/** The Pulumi CLI that is fetched or built where none is installed. `sandbox/toolchain/go/go.mod` names the same one. */
export const PULUMI_VERSION = "3.259.0";

/** The oldest installed CLI that is accepted: older ones do not hand a program's directory to the language host as ours expects. */
export const OLDEST_PULUMI_VERSION = "3.200.0";

/** `v3.259.0\n`, `3.259.0` or `3.260.0-alpha.1+dirty` as `[3, 259, 0]`; undefined when it is no version. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Whether a CLI that says it is `version` can be used here: same major version, and not older than the oldest accepted. */
export function isAccepted(version: string): boolean {
  const found = parseVersion(version);
  const oldest = parseVersion(OLDEST_PULUMI_VERSION);
  if (!found || !oldest || found[0] !== oldest[0]) return false;
  return found[1] > oldest[1] || (found[1] === oldest[1] && found[2] >= oldest[2]);
}
