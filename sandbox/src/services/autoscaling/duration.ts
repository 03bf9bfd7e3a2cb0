import { type Limit, shown } from "../limits.ts";

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** The milliseconds of a Go duration such as `10m`, `1h30m` or `0`; undefined for what is none (https://pkg.go.dev/time#ParseDuration). */
export function durationMs(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNITS_MS[unit ?? ""] ?? 0),
    0,
  );
}

/** A duration as Go writes it: `10m0s`, `1h30m0s`, `45s`. */
export function goDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** A Go duration. */
export const duration: Limit = (value) =>
  typeof value === "string" && durationMs(value) !== undefined
    ? undefined
    : `${shown(value)} is no duration such as "10m", "1h30m" or "0"`;
