import assert from "node:assert/strict";
import { levelUnder, type Preset } from "../../../policies/framework/presets.ts";
import type { Rule } from "../../../policies/framework/rule.ts";

type About = Pick<Rule, "controls" | "level" | "since">;
const early: About = { controls: { fsbp: ["RDS.3"], cisAws5: ["2.2.1"] }, level: "mandatory", since: "monolith" };
const late: About = { controls: { wellArchitected: ["REL10"] }, level: "mandatory", since: "distributed" };
const advice: About = { controls: { wellArchitected: ["COST06"] }, level: "advisory", since: "monolith" };

const levels: readonly [presets: readonly Preset[], early: string, late: string, advice: string][] = [
  [["monolith"], "mandatory", "advisory", "advisory"],
  [["scaled"], "mandatory", "advisory", "advisory"],
  [["distributed"], "mandatory", "mandatory", "advisory"],
  [["global"], "mandatory", "mandatory", "advisory"],
  [["cis"], "mandatory", "disabled", "disabled"],
  [["pci"], "disabled", "disabled", "disabled"],
  [["fsbp"], "mandatory", "disabled", "disabled"],
  [["well-architected"], "disabled", "mandatory", "mandatory"],
  [["pci", "scaled"], "mandatory", "advisory", "advisory"],
  [["well-architected", "monolith"], "mandatory", "mandatory", "mandatory"],
];

describe("presets", () => {
  for (const [presets, ...wanted] of levels)
    it(`${presets.join(" and ")}: ${wanted.join(", ")}`, () => {
      assert.deepEqual(
        [early, late, advice].map((rule) => levelUnder(rule, presets)),
        wanted,
      );
    });
});
