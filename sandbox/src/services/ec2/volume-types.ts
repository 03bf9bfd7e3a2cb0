import type { Props } from "../../core/values.ts";

type Range = readonly [least: number, most: number];

interface Kind {
  /** GiB. */
  readonly size: Range;
  /** @default - it cannot be chosen */
  readonly iops?: Range;
  /** The most IOPS that one GiB may bring. */
  readonly iopsPerGib?: number;
  /** MiB/s. @default - it cannot be chosen */
  readonly throughput?: Range;
  /** Whether a server can start from it. @default true */
  readonly bootable?: false;
}

/** Amazon EBS User Guide, "Amazon EBS volume types". */
const KINDS: Readonly<Record<string, Kind>> = {
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3000, 80_000], iopsPerGib: 500, throughput: [125, 2000] },
  io1: { size: [4, 16_384], iops: [100, 64_000], iopsPerGib: 50 },
  io2: { size: [4, 65_536], iops: [100, 256_000], iopsPerGib: 1000 },
  sc1: { size: [125, 16_384], bootable: false },
  st1: { size: [125, 16_384], bootable: false },
  standard: { size: [1, 1024] },
};
/** What gp3 has without being asked. */
const GP3 = { iops: 3000, throughput: 125 };
/** A volume of gp3 with more throughput needs more IOPS: four for each MiB/s. */
const IOPS_PER_MIB = 4;

export const VOLUME_TYPES: readonly string[] = Object.keys(KINDS);

/** What is asked of a volume. A value that is not known yet is left out. */
export interface VolumePlan {
  readonly type: string;
  /** GiB. */
  readonly size?: number | undefined;
  readonly iops?: number | undefined;
  /** MiB/s. */
  readonly throughput?: number | undefined;
}

/** What is wrong with a volume, by what it is about; empty for a type that is not known. */
export function volumeFaults({ type, size, iops, throughput }: VolumePlan): {
  readonly type?: string;
  readonly size?: string;
  readonly iops?: string;
  readonly throughput?: string;
} {
  const kind = KINDS[type];
  if (kind === undefined) return {};
  const wrong = {
    type: type.startsWith("io") && iops === undefined ? `The parameter iops must be specified for ${type} volumes` : undefined,
    size: rangeFault("size", "GiB", type, size, kind.size),
    iops: rangeFault("iops", "IOPS", type, iops, kind.iops) ?? ratioFault(type, size, iops, kind.iopsPerGib),
    throughput: rangeFault("throughput", "MiB/s", type, throughput, kind.throughput) ?? throughputFault(type, iops, throughput),
  };
  return Object.fromEntries(Object.entries(wrong).filter(([, fault]) => fault !== undefined));
}

/** Why no server can start from a volume of this type, or undefined. */
export function bootFault(type: string): string | undefined {
  return KINDS[type]?.bootable === false ? `a ${type} volume cannot be a root volume` : undefined;
}

/** The IOPS and throughput that a volume has, as EC2 tells them. */
export function speedOf({ type, size = 8, iops, throughput }: VolumePlan): Props {
  if (type === "gp3") return { iops: iops ?? GP3.iops, throughput: throughput ?? GP3.throughput };
  // Three IOPS for each GiB, but no fewer than 100 and no more than 16,000.
  if (type === "gp2") return { iops: Math.min(16_000, Math.max(100, 3 * size)), throughput: 0 };
  return { iops: iops ?? 0, throughput: 0 };
}

function rangeFault(
  what: string,
  unit: string,
  type: string,
  value: number | undefined,
  range: Range | undefined,
): string | undefined {
  if (value === undefined) return undefined;
  if (range === undefined) return `The parameter ${what} is not supported for ${type} volumes`;
  const [least, most] = range;
  if (value >= least && value <= most) return undefined;
  return `Volume ${what} of ${value} ${unit} is out of range for ${type}; allowed: ${least} to ${most}`;
}

function ratioFault(
  type: string,
  size: number | undefined,
  iops: number | undefined,
  most: number | undefined,
): string | undefined {
  if (size === undefined || iops === undefined || most === undefined || iops <= size * most) return undefined;
  // The least that a type has may be had at any size.
  if (type === "gp3" && iops === GP3.iops) return undefined;
  return `Iops to volume size ratio of ${iops / size} is too high; allowed: ${most} IOPS for each GiB of ${type}, so ${size * most} for ${size} GiB`;
}

function throughputFault(type: string, iops: number | undefined, throughput: number | undefined): string | undefined {
  if (type !== "gp3" || throughput === undefined) return undefined;
  const given = iops ?? GP3.iops;
  if (throughput * IOPS_PER_MIB <= given) return undefined;
  return `Throughput (MiBps) to iops ratio of ${throughput / given} is too high; ${throughput} MiB/s need ${throughput * IOPS_PER_MIB} IOPS (given: ${given})`;
}
