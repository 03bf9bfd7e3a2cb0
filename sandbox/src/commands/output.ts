import pc from "picocolors";
import { UserError } from "../toolchain/user-error.ts";
import type { SandboxStatus } from "./control.ts";

/** A line for people, on stdout. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** What went wrong, on stderr: one block for what a person can put right, a stack trace for a fault of ours. */
export function showError(thrown: unknown): void {
  const text =
    thrown instanceof UserError ? thrown.message : thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const [first = "", ...rest] = text.split("\n");
  process.stderr.write([`${pc.red("error:")} ${first}`, ...rest, ""].join("\n"));
}

/** Rows as columns of equal width; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row, index) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
    return index === 0 ? pc.dim(line) : line;
  });
}

/** Bytes in MB, with one decimal below ten. */
export function megabytes(bytes: number): string {
  const value = bytes / 1_000_000;
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

/** The end of a start: where the product and the console are, and what to try next. */
export function addresses(doors: SandboxStatus["doors"], consoleUrl: string): string[] {
  const products = doors.map((door, index) => [index === 0 ? "Product" : door.name, door.url] as const);
  const lines = [...products, ["Console", consoleUrl] as const];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, url]) => `  ${pc.bold(name.padEnd(width))}  ${pc.cyan(url)}`);
}

/** The three commands shown after a start. */
export const NEXT_COMMANDS: readonly (readonly [command: string, does: string])[] = [
  ["npm run pulumi -- stack graph graph.dot", "draw what stands, from Pulumi's own state"],
  ["npm run sandbox -- fault kill app", "kill the product's process and watch it come back"],
  ["npm stop", "destroy it all and leave nothing behind"],
];

export function nextCommands(): string[] {
  const width = Math.max(...NEXT_COMMANDS.map(([command]) => command.length));
  return NEXT_COMMANDS.map(([command, does]) => `  ${command.padEnd(width)}  ${pc.dim(does)}`);
}
