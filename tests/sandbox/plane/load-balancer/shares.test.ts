import assert from "node:assert/strict";
import fc from "fast-check";
import { Turns } from "../../../../sandbox/src/plane/load-balancer/shares.ts";

interface Named {
  readonly name: string;
}

describe("turns", () => {
  const [a, b, c] = ["a", "b", "c"].map((name): Named => ({ name })) as [Named, Named, Named];
  const handedOut = (turns: Turns<Named>, count: number, ...shares: readonly (readonly [Named, number])[]): string =>
    Array.from({ length: count }, () => turns.next(shares.map(([of, weight]) => ({ of, weight })))?.name ?? "-").join("");

  it("go round where all weigh the same", () => {
    assert.equal(handedOut(new Turns(), 7, [a, 1], [b, 1], [c, 1]), "abcabca");
  });

  it("follow the weights, and spread each one's turns", () => {
    assert.equal(handedOut(new Turns(), 8, [a, 3], [b, 1]), "aabaaaba");
  });

  it("give nothing to a weight of 0, and nothing at all where there is no weight", () => {
    assert.equal(handedOut(new Turns(), 3, [a, 0], [b, 1]), "bbb");
    assert.equal(handedOut(new Turns(), 2, [a, 0]), "--");
    assert.equal(handedOut(new Turns(), 1), "-");
  });

  it("take in who comes, and leave out who goes", () => {
    const turns = new Turns<Named>();
    assert.equal(handedOut(turns, 2, [a, 1], [b, 1]), "ab");
    assert.equal(handedOut(turns, 3, [a, 1], [b, 1], [c, 1]), "abc");
    assert.equal(handedOut(turns, 4, [b, 1], [c, 1]), "bcbc");
  });

  it("come as often as their weights say, over any full round", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }), (weights) => {
        const shares = weights.map((weight, place) => ({ of: { place }, weight }));
        const turns = new Turns<{ place: number }>();
        const counts = weights.map(() => 0);
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (let turn = 0; turn < total; turn++) {
          const place = turns.next(shares)?.place ?? -1;
          counts[place] = (counts[place] ?? 0) + 1;
        }
        assert.deepEqual(counts, weights);
      }),
    );
  });
});
