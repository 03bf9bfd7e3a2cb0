const GIB = 1024 ** 3;

/** GiB of memory by family and size. Source: ElastiCache user guide, "Supported node types", and its pricing page. */
const M = {
  large: 6.38,
  xlarge: 12.93,
  "2xlarge": 26.04,
  "4xlarge": 52.26,
  "8xlarge": 103.68,
  "12xlarge": 157.12,
  "16xlarge": 209.55,
};
const R = {
  large: 13.07,
  xlarge: 26.32,
  "2xlarge": 52.82,
  "4xlarge": 105.81,
  "8xlarge": 209.55,
  "12xlarge": 317.77,
  "16xlarge": 419.09,
};
const T = { micro: 0.5, small: 1.37, medium: 3.09 };

const MEMORY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  t3: T,
  t4g: T,
  m6g: M,
  m7g: M,
  r6g: R,
  r7g: R,
};

/** Bytes of memory of a node type such as `cache.t4g.small`; undefined for a type that there is not. */
export function memoryOf(nodeType: string): number | undefined {
  const [prefix, family = "", size = ""] = nodeType.split(".");
  const gib = prefix === "cache" ? MEMORY[family]?.[size] : undefined;
  return gib === undefined ? undefined : Math.floor(gib * GIB);
}

/** The node types that are served. */
export const NODE_TYPES = Object.entries(MEMORY).flatMap(([family, sizes]) =>
  Object.keys(sizes).map((size) => `cache.${family}.${size}`),
);
