/** Raised for user data that the sandbox can't play; one line for each thing that is wrong. */
export class UserDataError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "UserDataError";
    this.faults = faults;
  }
}
