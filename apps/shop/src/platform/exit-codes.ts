/** How the process ends, after sysexits.h where it has a number. */
export const EXIT = {
  fine: 0,
  /** An argument is not known. */
  usage: 64,
  /** The database or a secret did not come within DATABASE_WAIT_SECONDS. */
  unavailable: 69,
  /** A fault of the program, or a port that is taken. */
  software: 70,
  /** The environment is wrong. */
  config: 78,
} as const;
