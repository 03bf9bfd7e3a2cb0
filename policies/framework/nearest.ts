import { closest, distance } from "fastest-levenshtein";

/** Says which known name someone may have meant, as the end of a message; "" when none is near. */
export function nearestOf(given: string, known: readonly string[]): string {
  if (known.length === 0) return "";
  const near = closest(given, known);
  return distance(given, near) <= Math.max(2, given.length / 3) ? `; the nearest is "${near}"` : "";
}
