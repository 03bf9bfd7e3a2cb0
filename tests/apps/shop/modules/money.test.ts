import assert from "node:assert/strict";
import fc from "fast-check";
import { includedVat } from "../../../../apps/shop/src/modules/billing/money.ts";
import { totalCents } from "../../../../apps/shop/src/modules/billing/orders.ts";

describe("money", () => {
  for (const [gross, vat] of [
    [0, 0],
    [1, 0],
    [3, 0],
    [4, 1],
    [100, 16],
    [119, 19],
    [1_190, 190],
    [2_600, 415],
    [14_300, 2_283],
    [9_999_999_999_999, 1_596_638_655_462],
  ] as const)
    it(`has ${vat} cents of VAT in ${gross}`, () => {
      assert.equal(includedVat(gross), vat);
    });

  it("has, for any amount and rate, the tax that is nearest to the exact one, in whole cents", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e13 }), fc.integer({ min: 0, max: 27 }), (gross, percent) => {
        const vat = includedVat(gross, percent);
        assert.ok(Number.isSafeInteger(vat) && vat >= 0 && vat <= gross);
        // Twice the distance from the exact quotient, times the divisor, is at most the divisor.
        const distance = 2n * BigInt(vat) * BigInt(100 + percent) - 2n * BigInt(gross) * BigInt(percent);
        assert.ok(distance <= BigInt(100 + percent) && distance > -BigInt(100 + percent));
      }),
      { numRuns: 2_000, seed: 20_261_125 },
    );
  });

  it("is added up exactly for the largest order there can be", () => {
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 20 }),
      unitPriceCents: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), (lines) => {
        const exact = lines.reduce((sum, { quantity, unitPriceCents }) => sum + BigInt(quantity) * BigInt(unitPriceCents), 0n);
        assert.equal(BigInt(totalCents(lines)), exact);
      }),
      { numRuns: 500, seed: 20_261_125 },
    );
  });

  for (const amount of [-1, 0.5, NaN, Infinity, 1e13 + 1])
    it(`refuses ${amount} as an amount`, () => {
      assert.throws(() => includedVat(amount), {
        name: "RangeError",
        message: `${amount} is no amount of whole cents from 0 to 10^13`,
      });
    });
});
