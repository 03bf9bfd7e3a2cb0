import assert from "node:assert/strict";
import { compareSync } from "bcryptjs";
import fc from "fast-check";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { randomCharacters } from "../../../../sandbox/src/services/random/characters.ts";
import { randomDefinitions } from "../../../../sandbox/src/services/random/index.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const token = (name: string): string => `random:index/${name[0]?.toLowerCase() ?? ""}${name.slice(1)}:${name}`;
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

describe("random values of the sandbox", () => {
  let cloud: TestCloud;
  let stack: Stack;
  let made: number;
  beforeEach(() => {
    cloud = testCloud();
    stack = new Stack(cloud, randomDefinitions);
    made = 0;
  });
  afterEach(() => cloud.end());

  const draw = (name: string, inputs: Props = {}): Promise<Resource> => stack.create(token(name), `r${++made}`, inputs);
  const faults = (name: string, inputs: Props): string[] => stack.faults(token(name), "r", inputs);
  const replacing = (name: string, before: Props, now: Props): string[] =>
    stack.engine.diff(token(name), before, now).changes.flatMap(({ path, replace }) => (replace ? [path] : []));

  describe("stay what they are", () => {
    for (const [name, inputs, output] of [
      ["RandomPassword", { length: 20 }, "result"],
      ["RandomString", { length: 20 }, "result"],
      ["RandomId", { byteLength: 8 }, "hex"],
      ["RandomPet", {}, "id"],
      ["RandomUuid", {}, "result"],
      ["RandomInteger", { min: 1, max: 1_000_000 }, "result"],
      ["RandomBytes", { length: 16 }, "base64"],
    ] as readonly [string, Props, string][]) {
      it(`a ${name} over an update, a refresh and a start of the sandbox, and is drawn anew for other keepers`, async () => {
        const first = await draw(name, { ...inputs, keepers: { release: "1" } });
        const value = output === "id" ? first.id : first.outputs[output];
        const updated = await stack.update(first, "r", { ...inputs, keepers: { release: "1" } });
        await stack.engine.resume();
        const read = await stack.engine.read(token(name), first.id, first.region);
        for (const later of [updated, read]) assert.equal(output === "id" ? later?.id : later?.outputs[output], value);
        const [before, now] = [
          { ...inputs, keepers: { release: "1" } },
          { ...inputs, keepers: { release: "2" } },
        ];
        assert.deepEqual(replacing(name, before, before), []);
        assert.deepEqual(replacing(name, before, now), ["keepers.release"]);
        assert.deepEqual(replacing(name, inputs, now), ["keepers"]);
      });
    }
  });

  describe("of characters", () => {
    const counts = { upper: /[A-Z]/g, lower: /[a-z]/g, numeric: /\d/g };
    const count = (text: string, what: RegExp | string): number =>
      typeof what === "string" ? Array.from(text).filter((one) => what.includes(one)).length : (text.match(what) ?? []).length;
    const asked = fc.record({
      upper: fc.boolean(),
      lower: fc.boolean(),
      numeric: fc.boolean(),
      special: fc.boolean(),
      minUpper: fc.nat(4),
      minLower: fc.nat(4),
      minNumeric: fc.nat(4),
      minSpecial: fc.nat(4),
      overrideSpecial: fc.constantFrom("", "_", "!?", SPECIAL),
      more: fc.nat(40),
    });

    it("have exactly the length that was asked, at least so many of each class, and nothing of a class that was not", () => {
      fc.assert(
        fc.property(asked, ({ more, ...inputs }) => {
          const classes = [inputs.upper, inputs.lower, inputs.numeric, inputs.special];
          fc.pre(more === 0 || classes.includes(true));
          const length = inputs.minUpper + inputs.minLower + inputs.minNumeric + inputs.minSpecial + more;
          const text = randomCharacters({ ...inputs, length });
          const special = inputs.overrideSpecial === "" ? SPECIAL : inputs.overrideSpecial;
          assert.equal(text.length, length);
          for (const [wanted, least, found] of [
            [inputs.upper, inputs.minUpper, count(text, counts.upper)],
            [inputs.lower, inputs.minLower, count(text, counts.lower)],
            [inputs.numeric, inputs.minNumeric, count(text, counts.numeric)],
            [inputs.special, inputs.minSpecial, count(text, special)],
          ] as const) {
            assert.ok(found >= least, text);
            if (!wanted) assert.equal(found, least, text);
          }
          assert.equal(
            count(text, counts.upper) + count(text, counts.lower) + count(text, counts.numeric) + count(text, special),
            length,
          );
        }),
        { numRuns: 300 },
      );
    });

    it("stand in any order: the minimums are not always in front", () => {
      const first = new Set(
        Array.from({ length: 200 }, () => /\d/.test(randomCharacters({ length: 8, minNumeric: 1, numeric: false })[0] ?? "")),
      );
      assert.deepEqual(first, new Set([true, false]));
    });

    it("show as outputs what was not given", async () => {
      const { outputs } = await draw("RandomString", { length: 5, special: false });
      const { lower, minLower, minNumeric, minSpecial, minUpper, number, numeric, special, upper } = outputs;
      assert.deepEqual([lower, numeric, number, upper, special], [true, true, true, true, false]);
      assert.deepEqual([minLower, minNumeric, minSpecial, minUpper], [0, 0, 0, 0]);
    });

    it("refuse what cannot be met", async () => {
      assert.deepEqual(faults("RandomPassword", { length: 0 }), ["length: length value must be at least 1, got: 0"]);
      assert.deepEqual(faults("RandomString", { length: 3, minUpper: 2, minSpecial: 2 }), [
        "length: length value must be at least sum of minUpper + minLower + minNumeric + minSpecial (4), got: 3",
      ]);
      assert.deepEqual(faults("RandomString", { length: 3, minLower: -1 }), ["minLower: must be at least 0, got: -1"]);
      await refused(
        draw("RandomString", { length: 3, upper: false, lower: false, numeric: false, special: false }),
        "InvalidInput",
        "at least one of upper, lower, numeric and special must be true",
      );
    });

    it("come with a bcrypt hash where they are a password, which is in no id", async () => {
      const { id, outputs } = await draw("RandomPassword", { length: 24 });
      assert.equal(id, "none");
      assert.equal(compareSync(outputs["result"] as string, outputs["bcryptHash"] as string), true);
      assert.match((await draw("RandomPassword", { length: 24 })).id, /^none-[0-9a-f]{16}$/);
    });
  });

  describe("of bytes", () => {
    it("are one number in four spellings, before which the prefix stands", () => {
      return fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 32 }), fc.constantFrom("", "web-"), async (byteLength, prefix) => {
          const { id, outputs } = await draw("RandomId", { byteLength, ...(prefix !== "" && { prefix }) });
          const { b64Std, b64Url, dec, hex } = outputs as Record<string, string>;
          const bytes = Buffer.from((hex ?? "").slice(prefix.length), "hex");
          assert.equal(bytes.length, byteLength);
          assert.equal(b64Std, prefix + bytes.toString("base64"));
          assert.equal(b64Url, prefix + bytes.toString("base64url"));
          assert.equal(dec, prefix + BigInt(`0x${bytes.toString("hex")}`).toString());
          assert.equal(id.slice(0, bytes.toString("base64url").length), bytes.toString("base64url"));
        }),
        { numRuns: 20 },
      );
    });

    it("are secret as RandomBytes: in base64 and hexadecimal, and in no id", async () => {
      const { id, outputs } = await draw("RandomBytes", { length: 32 });
      const bytes = Buffer.from(outputs["base64"] as string, "base64");
      assert.deepEqual([id, bytes.length, bytes.toString("hex")], ["none", 32, outputs["hex"]]);
      assert.deepEqual(faults("RandomBytes", { length: 65_537 }), ["length: 65537 is out of range; allowed: 1 to 65536"]);
    });
  });

  describe("that are whole numbers", () => {
    it("lie in their range, both ends possible", () => {
      return fc.assert(
        fc.asyncProperty(fc.integer({ min: -1000, max: 1000 }), fc.nat(50), async (min, width) => {
          const result = Number((await draw("RandomInteger", { min, max: min + width })).outputs["result"]);
          assert.ok(Number.isInteger(result) && result >= min && result <= min + width, String(result));
        }),
        { numRuns: 20 },
      );
    });

    it("may be the same twice, each with an id of its own", async () => {
      const [one, two] = [await draw("RandomInteger", { min: 7, max: 7 }), await draw("RandomInteger", { min: 7, max: 7 })];
      assert.deepEqual([one.outputs["result"], two.outputs["result"], one.id], [7, 7, "7"]);
      assert.match(two.id, /^7-[0-9a-f]{16}$/);
    });

    it("refuse a range that is none, and a seed", () => {
      assert.deepEqual(faults("RandomInteger", { min: 2, max: 1 }), [
        "max: minimum value 2 must not be greater than maximum value 1",
      ]);
      assert.deepEqual(faults("RandomInteger", { min: 0.5, max: 1 }), [
        "max: min and max must be whole numbers (given: 0.5 and 1)",
      ]);
      assert.deepEqual(faults("RandomInteger", { min: 0, max: 2 ** 48 - 1 }), [
        "max: the range from 0 to 281474976710655 is too wide; at most 281474976710655 numbers are served",
      ]);
      assert.match(faults("RandomInteger", { min: 0, max: 1, seed: "x" }).join(), /^seed: a seed is not served by the sandbox/);
    });
  });

  describe("that are names", () => {
    it("have an adjective and an animal, adverbs before them for more, and a prefix", async () => {
      assert.match((await draw("RandomPet")).id, /^[a-z]+-[a-z]+$/);
      assert.match((await draw("RandomPet", { length: 1 })).id, /^[a-z]+$/);
      assert.match((await draw("RandomPet", { length: 4, separator: ".", prefix: "web" })).id, /^web(\.[a-z]+){4}$/);
      assert.deepEqual(faults("RandomPet", { length: 0 }), ["length: 0 is out of range; allowed: 1 to 100"]);
    });
  });

  it("that are UUIDs are of version 4", async () => {
    const { id, outputs } = await draw("RandomUuid");
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(outputs["result"], id);
  });
});
