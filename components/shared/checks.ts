/** Refuses a number outside a range (ends included), naming what was given and what is allowed. */
export function requireBetween(what: string, given: number, least: number, most: number): void {
  if (!(given >= least && given <= most)) {
    throw new RangeError(`${what} is ${given}; allowed: ${least} to ${most}`);
  }
}

/** Refuses a number that is no multiple of a step, naming what was given and what is allowed. */
export function requireSteps(what: string, given: number, step: number): void {
  if (!Number.isInteger(given / step)) throw new RangeError(`${what} is ${given}; allowed: steps of ${step}`);
}
