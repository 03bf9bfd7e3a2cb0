import assert from "node:assert/strict";
import { Circuit, CircuitOpenError } from "../../../../apps/shop/src/platform/circuit.ts";

const works = (): Promise<string> => Promise.resolve("answer");
const fails = (): Promise<never> => Promise.reject(new Error("no answer"));

describe("a circuit", () => {
  let now: number;
  let changes: boolean[];
  let circuit: Circuit;
  beforeEach(() => {
    [now, changes] = [0, []];
    circuit = new Circuit({ failures: 3, openMs: 100, mostOpenMs: 400, now: () => now, onChange: (open) => changes.push(open) });
  });
  const outcome = (call: () => Promise<string>): Promise<string> =>
    circuit.run(call).catch((error: unknown) => (error instanceof CircuitOpenError ? "refused" : "failed"));
  const inTurn = async (...calls: (() => Promise<string>)[]): Promise<string[]> => {
    const outcomes = [];
    for (const call of calls) outcomes.push(await outcome(call));
    return outcomes;
  };

  it("opens after so many failures in a row, and then refuses without a call", async () => {
    assert.deepEqual(await inTurn(fails, fails, works, fails, fails, fails, works), [
      "failed",
      "failed",
      "answer",
      "failed",
      "failed",
      "failed",
      "refused",
    ]);
    assert.deepEqual([changes, circuit.isOpen], [[true], true]);
  });

  it("lets one call try when its time is over, and closes when that works", async () => {
    await inTurn(fails, fails, fails);
    now = 100;
    const slow = Promise.withResolvers<string>();
    const trying = outcome(() => slow.promise);
    assert.equal(await outcome(works), "refused");
    slow.resolve("answer");
    assert.equal(await trying, "answer");
    assert.deepEqual(changes, [true, false]);
    assert.deepEqual(await inTurn(works, fails, fails, works), ["answer", "failed", "failed", "answer"]);
  });

  it("waits twice as long after each try that fails, up to the most, and as at first after one that works", async () => {
    await inTurn(fails, fails, fails);
    for (const wait of [100, 200, 400, 400]) {
      // It is drawn between three quarters and the whole.
      now += wait * 0.75 - 1;
      assert.equal(await outcome(fails), "refused", `${wait}`);
      now += wait * 0.25 + 1;
      assert.equal(await outcome(fails), "failed", `${wait}`);
    }
    now += 400;
    assert.deepEqual(await inTurn(works, fails, fails, fails), ["answer", "failed", "failed", "failed"]);
    now += 100;
    assert.equal(await outcome(works), "answer");
    assert.deepEqual(changes, [true, false, true, false]);
  });

  it("takes failures of calls that were under way when it opened for nothing new", async () => {
    const late = Array.from({ length: 4 }, () => Promise.withResolvers<string>());
    const calls = late.map(({ promise }) => outcome(() => promise));
    await inTurn(fails, fails, fails);
    for (const { reject } of late) reject(new Error("no answer"));
    assert.deepEqual(await Promise.all(calls), ["failed", "failed", "failed", "failed"]);
    now = 100;
    assert.equal(await outcome(works), "answer");
  });
});
