import rule from "../../../../policies/rules/backup/backup-kept-long-enough.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const PLAN = "aws:backup/plan:Plan";
const FOREVER = "without an end a backup is kept for ever";
const plan = (...days: readonly unknown[]) =>
  [PLAN, { rules: days.map((deleteAfter) => ({ ruleName: "daily", lifecycle: { deleteAfter } })) }] as const;

export default casesOf(rule, {
  passes: {
    "a plan of five weeks": { given: plan(35) },
    "a plan without an end": { given: [PLAN, { rules: [{ ruleName: "daily" }] }] },
    "a week, where a week is enough": { given: plan(7), config: { leastDays: 7 } },
  },
  fails: {
    "a plan of two weeks and of one": {
      given: plan(14, 7),
      says: "the plan keeps backups for 14 days; it must keep some for at least 35.",
    },
    "a plan that takes nothing": {
      given: [PLAN, { rules: [] }],
      says: "the plan keeps backups for 0 days; it must keep some for at least 35.",
    },
  },
  unknown: { "days that are decided later": { given: plan(UNKNOWN), open: "rules[0].lifecycle.deleteAfter" } },
  survives: {
    "rules[0]: empty": FOREVER,
    "rules[0].lifecycle*: left out": FOREVER,
    "rules[0].lifecycle: empty": FOREVER,
    "rules[0].ruleName: *": "the name says nothing of how long",
  },
});
