/** An IPv4 range: its first address as a number, and the length of its prefix in bits. */
export interface Cidr {
  readonly first: number;
  readonly bits: number;
}

/** Ranges of one kind of subnet, one a zone; the fourth belongs to a zone that may be added. */
export type ZoneRanges = readonly [string, string, string, string];

/** How the /16 of one region is shared out. Ranges are never moved once a stage has used them. */
export interface CidrPlan {
  /** What is reached from the internet: the server now, load balancers later. 1,024 addresses a zone. */
  readonly public: ZoneRanges;
  /** Databases, caches and search; no way to the internet. 1,024 addresses a zone. */
  readonly data: ZoneRanges;
  /** Interface endpoints of AWS services. 256 addresses a zone. */
  readonly endpoints: ZoneRanges;
  /** Not promised to anything; whoever needs room takes it from here. */
  readonly spare: string;
  /** Fleets and cluster nodes. 4,096 addresses a zone. */
  readonly private: ZoneRanges;
  /** Pods of the Kubernetes stage. 8,192 addresses a zone. */
  readonly pods: ZoneRanges;
}

/** How many regions the plan keeps room for: the /16 blocks of the /13 around the first region's block. */
export const REGIONS_PLANNED = 8;

const REGION_BITS = 16;
const PLATFORM_BITS = 13;

/** Addresses in a range of this prefix length. */
function size(bits: number): number {
  return 2 ** (32 - bits);
}

/** Reads `a.b.c.d/n`; undefined when it is malformed or has address bits set behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a = 256, b = 256, c = 256, d = 256, bits = 33] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || bits > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const cidr = { first, bits };
  return first % size(bits) === 0 && formatCidr(cidr) === text ? cidr : undefined;
}

/** Writes a range as `a.b.c.d/n`. */
export function formatCidr({ bits, first }: Cidr): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256);
  return `${octets.join(".")}/${bits}`;
}

/** Whether two ranges share an address. */
export function overlaps(one: Cidr, other: Cidr): boolean {
  return one.first < other.first + size(other.bits) && other.first < one.first + size(one.bits);
}

/** Whether the inner range lies wholly in the outer one. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.first >= outer.first && inner.first + size(inner.bits) <= outer.first + size(outer.bits);
}

/** The range of the whole platform, all its later regions included: the /13 around one region's block. */
export function platformRange(region: Cidr): Cidr {
  return { first: Math.floor(region.first / size(PLATFORM_BITS)) * size(PLATFORM_BITS), bits: PLATFORM_BITS };
}

/** The /16 blocks of the platform's regions, the given one first, the others in the order in which regions are added. */
export function regionBlocks(region: Cidr): Cidr[] {
  const platform = platformRange(region);
  const blocks = Array.from({ length: REGIONS_PLANNED }, (_, index) => ({
    first: platform.first + index * size(REGION_BITS),
    bits: REGION_BITS,
  }));
  return [region, ...blocks.filter((block) => block.first !== region.first)];
}

/** Shares out a region's /16. Throws a RangeError for anything else than a well-formed /16. */
export function planCidrs(vpc: string): CidrPlan {
  const region = parseCidr(vpc);
  if (region?.bits !== REGION_BITS) throw new RangeError(`the network's range is ${vpc}; allowed: a /16 such as 10.0.0.0/16`);
  const four = (offset: number, bits: number): ZoneRanges => [
    formatCidr({ first: region.first + offset, bits }),
    formatCidr({ first: region.first + offset + size(bits), bits }),
    formatCidr({ first: region.first + offset + 2 * size(bits), bits }),
    formatCidr({ first: region.first + offset + 3 * size(bits), bits }),
  ];
  const block = (third: number): number => third * 256;
  return {
    public: four(block(0), 22),
    data: four(block(16), 22),
    endpoints: four(block(32), 24),
    spare: formatCidr({ first: region.first + block(48), bits: 20 }),
    private: four(block(64), 20),
    pods: four(block(128), 19),
  };
}
