/** The middle value; the mean of the two in the middle where there is no single one. Throws for no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error("there is no median of nothing");
  return (low + high) / 2;
}

/** How long `work` takes, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** One figure with its goal. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "MB" | "x" | "%" | "requests/s" | "jobs/s" | "ms";
  /** The goal, and on which side of it the value must lie. @default - a figure to be read beside another */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
  /** Single values, in the order in which they were measured. */
  readonly runs?: readonly number[];
}

/** Whether the goal is met; undefined without one. */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return "atMost" in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** The figures as lines of a table. */
export function report(figures: readonly Figure[]): string[] {
  const rows = figures.map((figure) => {
    const { name, value, unit, goal, runs = [] } = figure;
    const wanted = goal === undefined ? "" : "atMost" in goal ? `<= ${String(goal.atMost)}` : `>= ${String(goal.atLeast)}`;
    const verdict = { true: "met", false: "MISSED", undefined: "" }[String(isMet(figure)) as "true" | "false" | "undefined"];
    return [name, `${rounded(value)} ${unit}`, wanted, verdict, runs.map(rounded).join(" ")];
  });
  const table = [["", "median", "goal", "", "runs"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
