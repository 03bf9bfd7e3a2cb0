/**
 * Something the person at the keyboard can put right. Printed as one block with no stack trace: the first line says what is wrong,
 * the lines after it what was given, what is allowed and what to do.
 */
export class UserError extends Error {
  constructor(what: string, lines: readonly string[] = [], options?: ErrorOptions) {
    super([what, ...lines.map((line) => `  ${line}`)].join("\n"), options);
    this.name = "UserError";
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
