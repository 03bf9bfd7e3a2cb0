import assert from "node:assert/strict";
import { nextStage, type Standing, stepsTo } from "../../ladder/src/standing.ts";

const STAGES = ["monolith", "scaled", "distributed"];

/** The steps as words, such as `switch scaled+monolith`. */
function steps(target: string, from: Standing): string[] {
  return stepsTo(target, from, STAGES).map(
    ({ deed, standing: { alongside, stage } }) => `${deed} ${stage}${alongside === undefined ? "" : `+${alongside}`}`,
  );
}

describe("the steps of a move", () => {
  it("are three: build the other beside, send people to it, take away what served before", () => {
    assert.deepEqual(steps("scaled", { stage: "monolith" }), [
      "build monolith+scaled",
      "switch scaled+monolith",
      "remove scaled",
    ]);
  });

  it("are the same three on the way back", () => {
    assert.deepEqual(steps("monolith", { stage: "scaled" }), [
      "build scaled+monolith",
      "switch monolith+scaled",
      "remove monolith",
    ]);
  });

  it("begin with the update in which the platform was cut off, because that may be half done", () => {
    assert.deepEqual(steps("scaled", { stage: "monolith", alongside: "scaled" }), [
      "build monolith+scaled",
      "switch scaled+monolith",
      "remove scaled",
    ]);
    assert.deepEqual(steps("scaled", { stage: "scaled", alongside: "monolith" }), ["switch scaled+monolith", "remove scaled"]);
    assert.deepEqual(steps("scaled", { stage: "scaled" }), ["remove scaled"]);
  });

  it("turn a half-done move back without building anything that still stands", () => {
    assert.deepEqual(steps("monolith", { stage: "monolith", alongside: "scaled" }), [
      "switch monolith+scaled",
      "remove monolith",
    ]);
    assert.deepEqual(steps("monolith", { stage: "scaled", alongside: "monolith" }), [
      "build scaled+monolith",
      "switch monolith+scaled",
      "remove monolith",
    ]);
  });

  it("refuse a stage that there is not", () => {
    assert.throws(() => steps("huge", { stage: "monolith" }), {
      message: "There is no such stage.\n  given: huge\n  allowed: monolith, scaled, distributed",
    });
  });

  it("refuse to leap over a stage, and name the next", () => {
    assert.throws(() => steps("distributed", { stage: "monolith" }), {
      message: "A move goes one stage at a time.\n  from: monolith; given: distributed\n  next: npm run ladder -- --to scaled",
    });
  });

  it("refuse a third stage in the middle of a move", () => {
    assert.throws(() => steps("distributed", { stage: "monolith", alongside: "scaled" }), {
      message:
        "The platform is in the middle of another move.\n  it goes between monolith and scaled; given: distributed\n" +
        "  finish that first: npm run ladder -- --to monolith, or --to scaled",
    });
  });
});

describe("the next stage", () => {
  it("is the one above, or below on the way back", () => {
    assert.equal(nextStage({ stage: "monolith" }, STAGES, false), "scaled");
    assert.equal(nextStage({ stage: "scaled" }, STAGES, true), "monolith");
  });

  it("is, in the middle of a move, the larger of the two, or the smaller on the way back", () => {
    for (const middle of [
      { stage: "monolith", alongside: "scaled" },
      { stage: "scaled", alongside: "monolith" },
    ]) {
      assert.equal(nextStage(middle, STAGES, false), "scaled");
      assert.equal(nextStage(middle, STAGES, true), "monolith");
    }
  });

  it("does not exist above the last nor below the first", () => {
    assert.throws(() => nextStage({ stage: "distributed" }, STAGES, false), /There is no stage above distributed/);
    assert.throws(() => nextStage({ stage: "monolith" }, STAGES, true), /There is no stage below monolith/);
  });
});
