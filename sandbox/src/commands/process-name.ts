import { UserError } from "../toolchain/user-error.ts";

/**
 * The process that a person means: one of that name, or the only one whose name begins with it, as `app` means `app-i-0123456789abcdef0`.
 * A name that fits none is given back as it is: the daemon knows logs of processes that have gone, and says which there are. Throws a {@link UserError} for one that fits several.
 */
export function processMeant(given: string, names: readonly string[]): string {
  if (names.includes(given)) return given;
  const fitting = names.filter((name) => name.startsWith(`${given}-`));
  if (fitting.length < 2) return fitting[0] ?? given;
  throw new UserError("Several processes have a name that begins so.", [`given: ${given}`, `there are: ${fitting.join(", ")}`]);
}
