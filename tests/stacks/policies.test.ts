import assert from "node:assert/strict";
import { join } from "node:path";
import { discoverRules } from "../../policies/framework/discover.ts";
import { Judge } from "../../policies/framework/judge.ts";
import type { ResourceFacts } from "../../policies/framework/resource.ts";
import type { Rule } from "../../policies/framework/rule.ts";
import { ruleSettings, SETTINGS_FILE, waiversOf } from "../../policies/framework/settings.ts";
import { readSettings } from "../../policies/framework/settings-files.ts";
import { sentence } from "../../policies/report/words.ts";
import { platform } from "../../stacks/platform.ts";
import { STAGES } from "../../stacks/rungs.ts";
import { root } from "../runner/groups.ts";
import { computedOutputs } from "../support/computed-outputs.ts";
import { type Recorded, record } from "../support/record.ts";
import { settings } from "../support/settings.ts";

const domain = { domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" };
/** A day on which the project's exemptions hold. */
const TODAY = "2026-12-01";
const rules: readonly Rule[] = (await discoverRules()).map(({ rule }) => rule);
const project = await readSettings(join(root, SETTINGS_FILE), rules);

function facts({ inputs, name, propertyDependencies, protect, type, urn }: Recorded): ResourceFacts {
  return {
    urn,
    type,
    name,
    inputs,
    propertyDependencies,
    protect,
    outputs: { ...inputs, id: `${name}-id`, ...computedOutputs(type, name) },
  };
}

for (const stage of STAGES)
  describe(`stage ${stage}, held against our own policies`, () => {
    let resources: ResourceFacts[];
    before(async function () {
      this.timeout(30_000);
      resources = (await record(() => platform(settings({ ...domain, stage })))).map(facts);
    });

    for (const rule of rules)
      it(`keeps the rule ${rule.id} where that is mandatory`, () => {
        const judge = new Judge({
          rules: [rule],
          settings: ruleSettings([rule], project, { stage }),
          ...waiversOf(project, TODAY),
        });
        const judgements = [...resources.map((each) => judge.judgeResource(each)), judge.judgeStack(resources)];
        const verdicts = judgements.flatMap((judgement) => judgement.verdicts);
        assert.deepEqual(
          verdicts
            .filter(({ level, waived }) => level === "mandatory" && waived === undefined)
            .map(({ finding, subject }) => `${subject.type} ${subject.name}: ${sentence(finding)}`),
          [],
        );
      });

    it("has a reason, an owner and a day for each exemption that it needs", () => {
      assert.deepEqual(
        project.exemptions.map(({ expires, rule }) => `${rule} until ${expires}`),
        [
          "database-minor-upgrades until 2027-12-31",
          "bucket-kept until 2027-12-31",
          "load-balancer-protected-from-deletion until 2027-12-31",
        ],
      );
    });

    it("gives most of them something to judge", () => {
      const types = new Set(resources.map(({ type }) => type));
      const about = rules.filter(({ checks }) => [...checks.keys()].some((type) => types.has(type)));
      assert.ok(about.length >= 9, `only ${String(about.length)} rules are about anything in it`);
    });
  });
