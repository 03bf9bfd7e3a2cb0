import assert from "node:assert/strict";
import fc from "fast-check";
import { retryPauseMs, usualRetry } from "../../../../../apps/shop/src/modules/jobs/kinds.ts";

describe("the pause before a job is tried again", () => {
  const most = (attempt: number): number => retryPauseMs(attempt, usualRetry, () => 0.999_999_999);

  it("has a bound that doubles with each attempt, up to five minutes", () => {
    assert.deepEqual(
      Array.from({ length: 11 }, (_, index) => most(index + 1) + 1),
      [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000, 300_000],
    );
  });

  it("is drawn from all that lies below the bound, nothing included", () => {
    assert.equal(
      retryPauseMs(5, usualRetry, () => 0),
      0,
    );
    assert.equal(
      retryPauseMs(5, usualRetry, () => 0.25),
      8_000,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (attempt) => {
        const pause = retryPauseMs(attempt, usualRetry);
        assert.ok(Number.isInteger(pause) && pause >= 0 && pause < 300_000);
      }),
    );
  });
});
