import rule from "../../../../policies/rules/cloudflare/page-rules-replaced.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const PAGE = "cloudflare:index/pageRule:PageRule";

export default casesOf(rule, {
  passes: {
    "a page rule that is off": { given: [PAGE, { status: "disabled" }] },
    "a page rule that says nothing of it": { given: [PAGE, {}] },
  },
  fails: {
    "a page rule that is on": {
      given: [PAGE, { status: "active" }],
      says: "the page rule is active; a Ruleset must take its place.",
    },
  },
  unknown: { "a status that is decided later": { given: [PAGE, { status: UNKNOWN }], open: "status" } },
  survives: { "status: left out": "a page rule is off unless it is told otherwise" },
});
