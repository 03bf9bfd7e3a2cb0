import assert from "node:assert/strict";
import { Baseline } from "../../../policies/framework/baseline.ts";
import { Exemptions } from "../../../policies/framework/exemptions.ts";
import { Judge, type JudgeOptions, type Judgement } from "../../../policies/framework/judge.ts";
import { be, beSet } from "../../../policies/framework/matchers.ts";
import type { Resource, ResourceFacts } from "../../../policies/framework/resource.ts";
import { rule } from "../../../policies/framework/rule.ts";
import { UNKNOWN } from "../../../policies/framework/values.ts";
import { placeOf, sentence } from "../../../policies/report/words.ts";

interface Thing {
  readonly color?: string;
  readonly parts?: readonly { readonly size?: string }[];
  readonly of?: string;
}

const about = {
  severity: "low",
  description: "It matters to this test.",
  remediation: "Paint it.",
  controls: { wellArchitected: ["SEC01"] },
} as const;

const red = rule({
  ...about,
  id: "thing-red",
  title: "A thing is red",
  resources: {
    "test:index:Thing": (thing: Resource<Thing>, { each, must }) => {
      must(thing.at("color"), be("red"));
      each(thing.at("parts"), (part) => must(part.at("size"), beSet("have a size")));
    },
  },
});
const broken = rule({
  ...about,
  id: "thing-broken",
  title: "A rule with a fault",
  resources: {
    "test:index:Thing": () => {
      throw new TypeError("cannot read color of undefined");
    },
  },
});
const held = rule({
  ...about,
  id: "thing-held",
  title: "A thing is held by a box",
  inStack: {
    "test:index:Thing": (thing: Resource<Thing>, { fail }, stack) => {
      if (stack.linked<{ of?: string }>("test:index:Box", "of", thing).length === 0) fail(thing, "no box holds it", "one must");
    },
  },
});

function facts(name: string, inputs: Record<string, unknown>, more: Partial<ResourceFacts> = {}): ResourceFacts {
  const type = more.type ?? "test:index:Thing";
  return { urn: `urn:pulumi:prod::shop::${type}::${name}`, type, name, inputs, ...more };
}

function judged(options: Partial<JudgeOptions>, ...things: readonly ResourceFacts[]): Judgement {
  const judge = new Judge({ rules: [red], ...options });
  const all = [...things.map((each) => judge.judgeResource(each)), judge.judgeStack(things)];
  return {
    verdicts: all.flatMap(({ verdicts }) => verdicts),
    notApplicable: all.flatMap(({ notApplicable }) => notApplicable),
    asked: all.flatMap(({ asked }) => asked),
  };
}

function lines({ verdicts }: Judgement): string[] {
  return verdicts.map(({ finding, level, rule: { id }, subject, waived }) =>
    [level, id, `${subject.name}:`, sentence(finding), waived === undefined ? "" : `(${waived.by})`].join(" ").trim(),
  );
}

describe("the judge", () => {
  it("says what is wrong, what is unknown, and hides neither by the other", () => {
    assert.deepEqual(lines(judged({}, facts("a", { color: UNKNOWN, parts: [{ size: UNKNOWN }, {}, { size: "1" }] }))), [
      "advisory thing-red a: color is not known before `pulumi up`.",
      "advisory thing-red a: parts[0].size is not known before `pulumi up`.",
      "mandatory thing-red a: parts[1].size is nothing; it must have a size.",
    ]);
  });

  it("says nothing of what is right", () => {
    const judgement = judged({}, facts("a", { color: "red", parts: [{ size: "1" }] }));
    assert.deepEqual(lines(judgement), []);
    assert.deepEqual(
      judgement.asked.map((each) => `${each.rule.id} ${each.subject.name}`),
      ["thing-red a"],
    );
  });

  it("reports a rule that throws as that rule's fault, and goes on with the others", () => {
    const judgement = judged({ rules: [broken, red] }, facts("a", { color: "blue" }));
    assert.deepEqual(lines(judgement), [
      "mandatory thing-broken a: the rule itself failed (cannot read color of undefined); this is a fault of the rule, and says nothing of the resource.",
      'mandatory thing-red a: color is "blue"; it must be "red".',
    ]);
  });

  it("finds where a rule failed", () => {
    assert.equal(
      placeOf(Object.assign(new Error("x"), { stack: "Error: x\n    at a (file:///p/policies/rules/x/y.ts:12:5)" })),
      "rules/x/y.ts:12",
    );
    assert.equal(placeOf(Object.assign(new Error("x"), { stack: "Error: x" })), "");
  });

  it("says which rules were about other things", () => {
    const { notApplicable, verdicts } = judged({ rules: [red, held] }, facts("b", {}, { type: "test:index:Other" }));
    assert.deepEqual(verdicts, []);
    assert.deepEqual(
      notApplicable.map(({ reason, rule: { id } }) => `${id}: ${reason}`),
      ["thing-red: the rule is about other types of resource", "thing-held: the stack has no resource that the rule is about"],
    );
  });

  it("takes levels and leaves disabled rules unasked", () => {
    const blue = facts("a", { color: "blue" });
    const at = (level: "advisory" | "disabled") => judged({ settings: new Map([["thing-red", { level }]]) }, blue);
    assert.deepEqual(lines(at("advisory")), ['advisory thing-red a: color is "blue"; it must be "red".']);
    assert.deepEqual(lines(at("disabled")), []);
    assert.deepEqual(at("disabled").asked, []);
  });

  describe("in a stack", () => {
    const thing = facts("a", { of: "x" }, { outputs: { id: "thing-1" } });
    const box = (name: string, inputs: Record<string, unknown>, from: readonly string[] = []) =>
      facts(name, inputs, { type: "test:index:Box", propertyDependencies: { of: from } });
    const says = (...boxes: readonly ResourceFacts[]) => lines(judged({ rules: [held] }, thing, ...boxes));

    it("links by where a value comes from, even while it is unknown", () =>
      assert.deepEqual(says(box("b", { of: UNKNOWN }, [thing.urn])), []));

    it("links by what a value is", () => assert.deepEqual(says(box("b", { of: "thing-1" })), []));

    it("links by the items of a list", () => assert.deepEqual(says(box("b", { of: ["thing-0", "thing-1"] })), []));

    it("does not link what comes from elsewhere", () => {
      const other = facts("c", {}, { type: "test:index:Other" });
      assert.deepEqual(says(other, box("b", { of: UNKNOWN }, [other.urn])), [
        "mandatory thing-held a: no box holds it; one must.",
      ]);
    });

    it("does not know when a value may name anything", () => {
      assert.deepEqual(says(box("b", { of: UNKNOWN })), ["advisory thing-held a: b.of is not known before `pulumi up`."]);
    });
  });

  describe("with exemptions", () => {
    const exempt = (more: object = {}) =>
      new Exemptions(
        [{ rule: "thing-red", resource: "a*", reason: "old", owner: "team", expires: "2027-01-31", ...more }],
        "2027-01-31",
      );
    const blue = facts("ab", { color: "blue" });

    it("covers a resource by its name, up to the last day", () => {
      assert.deepEqual(lines(judged({ exemptions: exempt() }, blue)), [
        'mandatory thing-red ab: color is "blue"; it must be "red". (exemption)',
      ]);
    });

    for (const [title, more] of [
      ["another rule", { rule: "thing-held" }],
      ["another name", { resource: "a" }],
      ["another stack", { stacks: ["dev"] }],
    ] as const)
      it(`does not cover ${title}`, () => {
        assert.deepEqual(lines(judged({ exemptions: exempt(more) }, blue)), [
          'mandatory thing-red ab: color is "blue"; it must be "red".',
        ]);
      });

    it("takes characters that mean something elsewhere as they are", () => {
      assert.equal(lines(judged({ exemptions: exempt({ resource: "a.*" }) }, blue))[0]?.endsWith("(exemption)"), false);
    });

    it("is a violation of its own after the last day", () => {
      assert.deepEqual(lines(judged({ exemptions: exempt({ expires: "2027-01-30" }) }, blue)), [
        'mandatory thing-red ab: color is "blue"; it must be "red".',
        'mandatory exemptions-in-order ab: the exemption of "a*" from thing-red expired on 2027-01-30 (owner: team; reason: old); the violation must be mended, or the exemption renewed.',
      ]);
    });
  });

  it("makes advice of what is in the baseline, and of nothing else", () => {
    const baseline = new Baseline([{ rule: "thing-red", resource: "test:index:Thing::a", at: "color" }]);
    const inputs = { color: "blue", parts: [{}] };
    assert.deepEqual(lines(judged({ baseline }, facts("a", inputs))), [
      'advisory thing-red a: color is "blue"; it must be "red". (baseline)',
      "mandatory thing-red a: parts[0].size is nothing; it must have a size.",
    ]);
    assert.deepEqual(lines(judged({ baseline }, facts("b", { color: "blue" }))), [
      'mandatory thing-red b: color is "blue"; it must be "red".',
    ]);
  });
});
