/** The value-added tax of the country that the shop sells from, in percent: included in every price. */
export const VAT_PERCENT = 19;

/** The tax that is included in an amount, in cents, rounded half up. Exact: every number in between stays far below 2^53 for amounts below 10^13. */
export function includedVat(grossCents: number, percent: number = VAT_PERCENT): number {
  if (!Number.isSafeInteger(grossCents) || grossCents < 0 || grossCents > 1e13)
    throw new RangeError(`${grossCents} is no amount of whole cents from 0 to 10^13`);
  const whole = 100 + percent;
  return Math.floor((2 * grossCents * percent + whole) / (2 * whole));
}
