/** An IPv4 range, as the numbers of its first and its last address. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Reads `10.0.0.0/16`; undefined when it is no IPv4 range. */
export function rangeOf(cidr: string): Range | undefined {
  const [, address = "", bits = ""] = /^(\d+(?:\.\d+){3})\/(\d+)$/.exec(cidr) ?? [];
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const number = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = number - (number % size);
  return { first, last: first + size - 1 };
}

/**
 * For each item the first other one whose range overlaps its own. Sorted first, so that it takes no longer than sorting.
 * @param items must all have a range
 */
export function overlapsOf<T extends Range>(items: readonly T[]): Map<T, T> {
  const sorted = [...items].sort((a, b) => a.first - b.first || a.last - b.last);
  const overlaps = new Map<T, T>();
  let widest: T | undefined;
  for (const item of sorted) {
    if (widest !== undefined && item.first <= widest.last) {
      overlaps.set(item, widest);
      if (!overlaps.has(widest)) overlaps.set(widest, item);
    }
    if (widest === undefined || item.last > widest.last) widest = item;
  }
  return overlaps;
}
