/** Memory of an Aurora capacity unit in GiB (Aurora User Guide, "How Aurora Serverless v2 works"). */
export const ACU_GIB = 2;
/** Processors of one. AWS does not say; the memory-optimised instance classes have one for 8 GiB. */
export const ACU_PROCESSORS = ACU_GIB / 8;
/** Capacity goes in steps of so many ACU, and is at least this much while the database is not paused. */
const STEP = 0.5;
const GIB = 1024 ** 3;

/** The capacity range of an Aurora Serverless v2 cluster, in ACU. */
export interface CapacityRange {
  readonly least: number;
  readonly most: number;
  /** After so many seconds without a connection a cluster whose least is 0 is paused. */
  readonly pauseAfterSeconds: number;
}

/** What a database server uses. */
export interface DatabaseLoad {
  /** Processors that it keeps busy. */
  readonly processors: number;
  readonly memoryBytes: number;
  /** Since somebody was connected. */
  readonly idleSeconds: number;
}

/** The capacity in ACU that the load asks for, within the range: the larger of what its processors and its memory do. */
export function capacityFor(
  { least, most, pauseAfterSeconds }: CapacityRange,
  { processors, memoryBytes, idleSeconds }: DatabaseLoad,
): number {
  if (least === 0 && idleSeconds >= pauseAfterSeconds) return 0;
  const asked = Math.max(processors / ACU_PROCESSORS, memoryBytes / (ACU_GIB * GIB));
  return Math.min(most, Math.max(least, STEP, Math.ceil(asked / STEP) * STEP));
}
