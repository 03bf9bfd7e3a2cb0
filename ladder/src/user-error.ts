/** Something the person at the keyboard can put right: the first line says what is wrong, the others what to do. Printed without a stack trace. */
export class UserError extends Error {
  constructor(what: string, lines: readonly string[] = []) {
    super([what, ...lines.map((line) => `  ${line}`)].join("\n"));
    this.name = "UserError";
  }
}
