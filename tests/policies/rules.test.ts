import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { citations } from "../../policies/framework/controls.ts";
import { exemptionsInOrder } from "../../policies/framework/exemptions.ts";
import type { Rule } from "../../policies/framework/rule.ts";
import { isRecord, UNKNOWN } from "../../policies/framework/values.ts";
import { everyRule } from "./support/all-cases.ts";
import { ask, resourcesOf } from "./support/ask.ts";
import type { RuleCases } from "./support/cases.ts";
import { edgesOf, mutationsOf, recordedEdges } from "./support/edges.ts";
import { controlTitles, exemptionsPage, indexPage, PAGES, rulePage } from "./support/pages.ts";
import { sdkTypes } from "./support/sdk-types.ts";

const WRITE = "run `node tests/policies/write.ts`, and read the difference";
const rules = await everyRule();

const lines = (text: string | readonly string[]): readonly string[] => (typeof text === "string" ? [text] : text);

for (const covered of rules) {
  const { cases, file, rule } = covered;
  describe(`rule ${rule.id}`, () => {
    it("says what it is", () => describesItself(rule));

    if (cases === undefined) {
      it("has cases", () => assert.fail(`write them in ${file}`));
      return;
    }

    it("has a case of each kind, for each of its types", () => coversEveryType(cases));

    for (const [title, each] of Object.entries(cases.passes))
      it(`passes ${title}`, () => assert.deepEqual(ask(rule, each), { says: [], open: [], skipped: [] }));

    for (const [title, each] of Object.entries(cases.fails))
      it(`refuses ${title}`, () => assert.deepEqual(ask(rule, each), { says: lines(each.says), open: [], skipped: [] }));

    for (const [title, each] of Object.entries(cases.unknown))
      it(`cannot decide ${title}`, () =>
        assert.deepEqual(ask(rule, each), { says: lines(each.says ?? []), open: lines(each.open), skipped: [] }));

    for (const [title, each] of Object.entries(cases.skips ?? {}))
      it(`is not about ${title}`, () => assert.deepEqual(ask(rule, each), { says: [], open: [], skipped: [each.because] }));

    it("answers as recorded when a property is left out, empty, changed or unknown", () => {
      assert.deepEqual(edgesOf(cases), recordedEdges(rule.id), WRITE);
    });

    it("catches every way to break what passes, but for those that do no harm", () => {
      const { missed, stale } = mutationsOf(cases);
      assert.deepEqual({ missed, stale }, { missed: [], stale: [] });
    });

    it("has a page in step with it", async () => {
      assert.equal(readFileSync(join(PAGES, `${rule.id}.md`), "utf8"), await rulePage(covered, cases), WRITE);
    });
  });
}

describe("the rules together", () => {
  it("are listed in the index, and there is no page, record or case of a rule that is gone", async () => {
    const ids = rules.map(({ rule }) => rule.id).sort();
    assert.equal(readFileSync(join(PAGES, "README.md"), "utf8"), await indexPage(rules), WRITE);
    assert.equal(readFileSync(join(PAGES, `${exemptionsInOrder.id}.md`), "utf8"), await exemptionsPage(), WRITE);
    assert.deepEqual(
      readdirSync(PAGES).sort(),
      ["README.md", ...[...ids, exemptionsInOrder.id].sort().map((id) => `${id}.md`)],
      WRITE,
    );
    assert.deepEqual(readdirSync(join(import.meta.dirname, "edges")).sort(), ids.map((id) => `${id}.json`).sort(), WRITE);
    const cases = readdirSync(join(import.meta.dirname, "cases"), { recursive: true, encoding: "utf8" });
    assert.deepEqual(
      cases
        .filter((name) => name.endsWith(".ts"))
        .map((name) => `tests/policies/cases/${name}`)
        .sort(),
      rules.map(({ file }) => file).sort(),
    );
  });

  it("catch at least 95 of 100 of all mutants that are not harmless", function () {
    const runs = rules.flatMap(({ cases }) => (cases === undefined ? [] : [mutationsOf(cases)]));
    const caught = runs.reduce((sum, run) => sum + run.caught.length, 0);
    const missed = runs.reduce((sum, run) => sum + run.missed.length, 0);
    assert.ok(caught > rules.length * 3, `${String(caught)} mutants are too few to say anything`);
    assert.ok(caught / (caught + missed) >= 0.95, `${String(caught)} caught, ${String(missed)} missed`);
  });
});

function describesItself(rule: Rule): void {
  assert.match(rule.id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
  assert.doesNotMatch(rule.title, /\.$/, "the title has no full stop");
  for (const text of [rule.description, rule.remediation]) assert.match(text, /\.$/);
  const cited = citations(rule.controls);
  assert.notDeepEqual(cited, [], "the rule cites no control");
  for (const { control, framework } of cited)
    assert.ok(controlTitles[framework][control], `tests/policies/facts/${framework}.json has no control ${control}`);
  for (const [name, setting] of Object.entries(rule.config)) assert.match(setting.description, /\.$/, name);
  const types = sdkTypes();
  for (const type of rule.checks.keys()) assert.ok(types.has(type), `no SDK has a resource of type ${type}`);
}

function coversEveryType({ decidesByType, fails, passes, rule, unknown }: RuleCases): void {
  const typesOf = (all: RuleCases["passes"]): string[] =>
    Object.values(all).flatMap(({ given }) => Object.values(resourcesOf(given)).map(([type]) => type));
  for (const type of rule.checks.keys()) {
    assert.ok(typesOf(passes).includes(type), `no case of ${type} passes`);
    assert.ok(typesOf(fails).includes(type), `no case of ${type} fails`);
  }
  if (decidesByType !== undefined) return;
  const open = Object.values(unknown);
  assert.notEqual(open.length, 0, "no case is unknown");
  assert.ok(
    rule.scope === "stack" ||
      open.some(({ given }) => Object.values(resourcesOf(given)).some(([, inputs]) => holdsUnknown(inputs))),
    "no unknown case holds UNKNOWN",
  );
}

function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isRecord(value) && Object.values(value).some(holdsUnknown);
}
