import rule from "../../../../policies/rules/cloudflare/worker-dated.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const WORKER = "cloudflare:index/workersScript:WorkersScript";

export default casesOf(rule, {
  passes: {
    "a Worker of this year": { given: [WORKER, { compatibilityDate: "2026-10-01" }] },
    "an old Worker, where that is allowed": {
      given: [WORKER, { compatibilityDate: "2023-10-01" }],
      config: { leastDate: "2023-01-01" },
    },
  },
  fails: {
    "a Worker without a day": {
      given: [WORKER, {}],
      says: "compatibilityDate is nothing; it must be 2025-01-01 or later.",
    },
    "a Worker of long ago": {
      given: [WORKER, { compatibilityDate: "2022-01-01" }],
      says: 'compatibilityDate is "2022-01-01"; it must be 2025-01-01 or later.',
    },
  },
  unknown: { "a day that is decided later": { given: [WORKER, { compatibilityDate: UNKNOWN }], open: "compatibilityDate" } },
});
