/** Whether a version such as `13.4` is another or a later one, number by number; numbers that one lacks do not count. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = partsOf(version);
  if (numbers.length === 0) return false;
  for (const [at, wanted] of partsOf(least).entries()) {
    const given = numbers[at];
    if (given === undefined || given === wanted) continue;
    return given > wanted;
  }
  return true;
}

/** The numbers that a version begins with: `8.0.mysql_aurora.3.05` gives 8 and 0. */
function partsOf(version: string): number[] {
  const [head = ""] = /^\d+(\.\d+)*/.exec(version) ?? [];
  return head === "" ? [] : head.split(".").map(Number);
}
