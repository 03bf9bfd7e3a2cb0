import assert from "node:assert/strict";
import { join } from "node:path";
import { discoverRules } from "../../policies/framework/discover.ts";
import { Judge } from "../../policies/framework/judge.ts";
import { ruleSettings, SETTINGS_FILE, waiversOf } from "../../policies/framework/settings.ts";
import { readSettings } from "../../policies/framework/settings-files.ts";
import { sentence } from "../../policies/report/words.ts";
import { root } from "../runner/groups.ts";
import { computedOutputs } from "../support/computed-outputs.ts";
import { record } from "../support/record.ts";
import { examples } from "./examples.ts";

/** A day on which the project's exemptions hold. */
const TODAY = "2026-12-01";

/** What an example does not keep, and why. */
const EXEMPT: Readonly<Record<string, readonly string[]>> = {
  // The version moves by a tested change; the project's exemption names the instances of its own stages.
  Database: ["database-minor-upgrades"],
  ReadReplicas: ["database-minor-upgrades"],
};

describe("every component, held against our own policies for a platform of several servers", () => {
  const rules: Parameters<typeof ruleSettings>[0][number][] = [];
  let project: Awaited<ReturnType<typeof readSettings>>;
  before(async () => {
    rules.push(...(await discoverRules()).map(({ rule }) => rule));
    project = await readSettings(join(root, SETTINGS_FILE), rules);
  });

  for (const [name, example] of Object.entries(examples))
    it(`${name} keeps all that is mandatory`, async () => {
      const resources = (
        await record(() => {
          example();
        })
      ).map(({ inputs, name: logical, protect, type, urn }) => {
        const outputs = { ...inputs, id: `${logical}-id`, ...computedOutputs(type, logical) };
        return { urn, type, name: logical, inputs, protect, outputs };
      });
      const settings = ruleSettings(rules, project, { stage: "scaled" });
      const judge = new Judge({ rules, settings, ...waiversOf(project, TODAY) });
      // What must stand beside a resource, such as its alarms, is asked of whole stages.
      const judgements = resources.map((each) => judge.judgeResource(each));
      const faults = judgements
        .flatMap(({ verdicts }) => verdicts)
        .filter(({ level, waived }) => level === "mandatory" && waived === undefined)
        .map(({ finding, rule, subject }) => ({ rule: rule.id, words: `${subject.name}: ${sentence(finding)}` }));
      const expected = EXEMPT[name] ?? [];
      assert.deepEqual(
        faults.filter(({ rule }) => !expected.includes(rule)),
        [],
      );
      assert.deepEqual([...new Set(faults.map(({ rule }) => rule))].sort(), [...expected].sort());
    });
});
