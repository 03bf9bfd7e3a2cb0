import assert from "node:assert/strict";
import { rules } from "../../policies/rules.ts";
import { monolith } from "../../stacks/1-monolith.ts";
import { ask, askStack, type StackResource } from "../policies/support.ts";
import { type Recorded, record } from "../support/record.ts";
import { settings } from "../support/settings.ts";

const domain = { domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" };

function described({ dependencies, inputs, name, type }: Recorded): StackResource {
  return { type, name, props: { ...inputs }, from: { bucket: dependencies } };
}

describe("stage monolith, held against our own policies", () => {
  let resources: Recorded[];
  before(async () => {
    resources = await record(() => monolith(settings(domain)));
  });

  for (const rule of rules) {
    it(`keeps the rule ${rule.name}, which finds something to judge in it`, async () => {
      if ("validateStack" in rule) {
        const cloud = resources.filter(({ type }) => !type.startsWith("platform:"));
        assert.deepEqual((await askStack(rule, cloud.map(described))).faults, []);
        return;
      }
      if (!("validateResource" in rule)) throw new Error(`${rule.name} judges neither resources nor stacks`);
      const answers = await Promise.all(resources.map(({ inputs, type }) => ask(rule, type, { ...inputs })));
      assert.deepEqual(
        answers.flatMap(({ faults }) => faults),
        [],
      );
      assert.ok(
        answers.some(({ applicable }) => applicable),
        "the rule is about none of the stage's resources",
      );
    });
  }
});
