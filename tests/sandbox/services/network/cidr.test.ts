import assert from "node:assert/strict";
import fc from "fast-check";
import { addressAt, overlaps, rangeOf, sizeOf, within } from "../../../../sandbox/src/services/ec2/cidr.ts";

/** Blocks as a network address and a prefix. Few leading bits vary, so that two of them meet often. */
const block = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 3 }))
  .map(([bits, prefix, near]) => {
    const size = 2 ** (32 - prefix);
    const first = Math.floor((near === 0 ? bits : bits % 2 ** 10) / size) * size;
    const address = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".");
    return { cidr: `${address}/${prefix}`, first, size };
  });

describe("sums over IPv4 blocks", () => {
  it("know the first and last address and the size of every block", () => {
    fc.assert(
      fc.property(block, ({ cidr, first, size }) => {
        assert.deepEqual(rangeOf(cidr), { first, last: first + size - 1 });
        assert.equal(sizeOf(cidr), size);
      }),
    );
  });

  it("find a shared address exactly when one block holds the other, as blocks are aligned", () => {
    fc.assert(
      fc.property(block, block, (one, other) => {
        const nested = within(one.cidr, other.cidr) || within(other.cidr, one.cidr);
        assert.equal(overlaps(one.cidr, other.cidr), nested);
        assert.equal(overlaps(other.cidr, one.cidr), nested);
      }),
    );
  });

  it("call a block within another exactly when its first and last addresses are", () => {
    fc.assert(
      fc.property(block, block, (inner, outer) => {
        const holds = (value: number): boolean => value >= outer.first && value < outer.first + outer.size;
        assert.equal(within(inner.cidr, outer.cidr), holds(inner.first) && holds(inner.first + inner.size - 1));
      }),
    );
  });

  it("name the address at a place so that it counts up from the network address", () => {
    fc.assert(
      fc.property(block, fc.nat(), ({ cidr, first, size }, place) => {
        const address = addressAt(cidr, place % size);
        assert.equal(rangeOf(`${address}/32`).first, first + (place % size));
        assert.ok(within(`${address}/32`, cidr));
      }),
    );
  });

  it("halve a block into two that fill it and do not meet", () => {
    fc.assert(
      fc.property(block, ({ cidr, size }) => {
        fc.pre(size > 1);
        const prefix = Number(cidr.split("/")[1]) + 1;
        const halves = [0, size / 2].map((place) => `${addressAt(cidr, place)}/${prefix}`);
        const [low = "", high = ""] = halves;
        assert.ok(halves.every((half) => within(half, cidr)));
        assert.ok(!overlaps(low, high));
        assert.equal(sizeOf(low) + sizeOf(high), size);
      }),
    );
  });
});
