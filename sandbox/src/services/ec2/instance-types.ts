import { closest } from "fastest-levenshtein";

/**
 * Sizes of the families that a platform of this kind runs on, by AWS's naming (Amazon EC2 Instance Types guide, "Instance type specifications" and
 * "Instance type naming conventions"): burstable, general purpose, compute and memory optimised.
 */
const SIZES: readonly (readonly [families: string, sizes: string])[] = [
  ["t2 t3 t3a t4g", "nano micro small medium large xlarge 2xlarge"],
  [
    "m5 m5d m5n m5dn c5 c5d c5n r5 r5b r5d r5n r5dn m5a m5ad c5a c5ad r5a r5ad",
    "large xlarge 2xlarge 4xlarge 8xlarge 9xlarge 12xlarge 16xlarge 18xlarge 24xlarge metal",
  ],
  [
    "m6g m6gd c6g c6gd c6gn r6g r6gd m7g m7gd c7g c7gd c7gn r7g r7gd x2gd",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal",
  ],
  [
    "m6i m6id m6in m6idn c6i c6id c6in r6i r6id r6in r6idn",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal",
  ],
  [
    "m6a c6a r6a m7a c7a r7a",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal metal-48xl",
  ],
  ["m7i c7i r7i", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl"],
  ["m7i-flex c7i-flex m8i-flex c8i-flex r8i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"],
  [
    "m8g m8gd m8gn c8g c8gd c8gn r8g r8gd r8gn x8g m8a c8a r8a",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl",
  ],
  [
    "m8i m8id c8i c8id r8i r8id",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
  ],
  [
    "i4i i7ie i8g i4g",
    "large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 12xlarge 16xlarge 18xlarge 24xlarge 32xlarge 48xlarge metal metal-24xl metal-48xl",
  ],
  ["g4dn g5 g5g g6 g6e", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal"],
];

const TYPES: ReadonlySet<string> = new Set(
  SIZES.flatMap(([families, sizes]) =>
    families.split(" ").flatMap((family) => sizes.split(" ").map((size) => `${family}.${size}`)),
  ),
);

/** Why the sandbox has no such instance type, or undefined if it has. */
export function instanceTypeFault(type: string): string | undefined {
  if (TYPES.has(type)) return undefined;
  return `Invalid value '${type}' for InstanceType. Did you mean ${closest(type, [...TYPES])}? The sandbox knows the families ${SIZES.map(([families]) => families).join(" ")}`;
}

/** Whether the type earns CPU credits. */
export function isBurstable(type: string): boolean {
  return /^t\d/.test(type);
}

/** Threads of one core: Graviton, the Arm processors, have one; so do AMD's from the seventh generation on (Amazon EC2 User Guide, "CPU options"). */
export function threadsPerCore(type: string): number {
  const [, generation = "", attributes = ""] = /^[a-z]+(\d+)([a-z]*)/.exec(type) ?? [];
  const single = attributes.startsWith("g") || (attributes.startsWith("a") && Number(generation) >= 7);
  return single ? 1 : 2;
}
