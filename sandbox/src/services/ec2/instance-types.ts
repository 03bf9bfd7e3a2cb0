import { closest } from "fastest-levenshtein";

/**
 * Sizes of the families that a platform of this kind runs on (Amazon EC2 Instance Types guide, "Instance type specifications"):
 * burstable, general purpose, compute, memory and storage optimised, and with graphics processors.
 */
const SIZES: readonly (readonly [families: string, sizes: string])[] = [
  ["t2 t3 t3a t4g", "nano micro small medium large xlarge 2xlarge"],
  ["m5 m5d m5n m5dn r5 r5b r5d r5n r5dn", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal"],
  ["m5a m5ad c5a c5ad r5a r5ad", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"],
  ["c5 c5d", "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal"],
  ["c5n", "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge metal"],
  [
    "m6g m6gd c6g c6gd r6g r6gd m7g m7gd c7g c7gd c7gn r7g r7gd x2gd",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal",
  ],
  ["c6gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"],
  [
    "m6i m6id m6in m6idn c6i c6id c6in r6i r6id r6in r6idn",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal",
  ],
  ["m6a c6a r6a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal"],
  ["m7a c7a r7a", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl"],
  ["m7i c7i r7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["m7i-flex c7i-flex m8i-flex c8i-flex r8i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"],
  [
    "m8g m8gd c8g c8gd r8g r8gd x8g m8a c8a r8a",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl",
  ],
  [
    "m8i m8id c8i c8id r8i r8id",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
  ],
  ["i4i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal"],
  ["i4g", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"],
  ["i8g", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["i7ie", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["g4dn", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"],
  ["g5g", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal"],
  ["g5 g6 g6e", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"],
];

const SIZES_OF: ReadonlyMap<string, readonly string[]> = new Map(
  SIZES.flatMap(([families, sizes]) => families.split(" ").map((family) => [family, sizes.split(" ")] as const)),
);

/** Why the sandbox has no such instance type, or undefined if it has. */
export function instanceTypeFault(type: string): string | undefined {
  const [family, size] = partsOf(type);
  const sizes = SIZES_OF.get(family);
  if (sizes?.includes(size) === true) return undefined;
  const invalid = `Invalid value '${type}' for InstanceType.`;
  if (sizes !== undefined) return `${invalid} The sizes of ${family} are ${sizes.join(", ")}`;
  const nearest = closest(
    type,
    [...SIZES_OF].flatMap(([name, own]) => own.map((each) => `${name}.${each}`)),
  );
  return `${invalid} Did you mean ${nearest}? The sandbox knows the families ${[...SIZES_OF.keys()].join(", ")}`;
}

/** Whether the type earns CPU credits. */
export function isBurstable(type: string): boolean {
  return /^t\d/.test(type);
}

/** The processor for which an image of this type must be made. Graviton, the Arm processors, have a "g" after the generation: `m7g`, `c8gd`. */
export function architectureOf(type: string): "arm64" | "x86_64" {
  return attributesOf(type).letters.startsWith("g") ? "arm64" : "x86_64";
}

/** Threads of one core: Graviton have one, and so do T2 and AMD's from the seventh generation on (Amazon EC2 User Guide, "CPU options"). */
export function threadsPerCore(type: string): number {
  const { generation, letters } = attributesOf(type);
  const single = architectureOf(type) === "arm64" || (letters.startsWith("a") && generation >= 7) || type.startsWith("t2.");
  return single ? 1 : 2;
}

/** Virtual processors: four for each "x" of the size, and fewer below `xlarge`. A machine without a hypervisor has those of the family's largest size. */
export function processorsOf(type: string): number {
  const [family, size] = partsOf(type);
  const multiple = /^(?:metal-)?(\d*)xl(?:arge)?$/.exec(size)?.[1];
  if (multiple !== undefined) return 4 * Number(multiple === "" ? 1 : multiple);
  if (size === "metal")
    return Math.max(...(SIZES_OF.get(family) ?? []).map((each) => (each === size ? 0 : processorsOf(`${family}.${each}`))));
  // The smallest of T2, and of the families whose cores have one thread, are a single core.
  const single = family === "t2" ? ["nano", "micro", "small"] : isBurstable(type) ? [] : ["medium"];
  return single.includes(size) ? 1 : 2;
}

/** GiB of memory for each virtual processor, by the start of the family's name; the longest that fits counts. */
const GIB_PER_PROCESSOR: Readonly<Record<string, number>> = {
  c: 2,
  c5n: 2.625,
  g: 4,
  g5g: 2,
  g6e: 8,
  i: 8,
  m: 4,
  r: 8,
  x: 16,
};

/** What the families that earn credits have in each size. */
const BURSTABLE_GIB: Readonly<Record<string, number>> = {
  nano: 0.5,
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

/** Memory in GiB (Amazon EC2 Instance Types guide, "Instance type specifications"). */
export function memoryGibOf(type: string): number {
  const [family, size] = partsOf(type);
  if (isBurstable(type)) return BURSTABLE_GIB[size] ?? 0;
  // The largest C5n have a little more than the others' share.
  if (family === "c5n" && processorsOf(type) >= 36) return (processorsOf(type) / 36) * 96;
  const [longest = ""] = Object.keys(GIB_PER_PROCESSOR)
    .filter((start) => family.startsWith(start))
    .sort((a, b) => b.length - a.length);
  return processorsOf(type) * (GIB_PER_PROCESSOR[longest] ?? 0);
}

function partsOf(type: string): readonly [family: string, size: string] {
  const [family = "", size = ""] = type.split(".");
  return [family, size];
}

function attributesOf(type: string): { readonly generation: number; readonly letters: string } {
  const [, generation = "0", letters = ""] = /^[a-z]+(\d+)([a-z]*)/.exec(type) ?? [];
  return { generation: Number(generation), letters };
}
