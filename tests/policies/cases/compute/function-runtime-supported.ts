import rule from "../../../../policies/rules/compute/function-runtime-supported.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const FUNCTION = "aws:lambda/function:Function";

export default casesOf(rule, {
  passes: {
    "a function of a runtime in support": { given: [FUNCTION, { runtime: "nodejs24.x" }] },
    "a function that is an image, which brings its own": {
      given: [FUNCTION, { packageType: "Image" }],
      cannotBreak: "it has no runtime",
    },
  },
  fails: {
    "a function of a runtime that nobody mends": {
      given: [FUNCTION, { runtime: "nodejs16.x" }],
      says: 'runtime is "nodejs16.x"; it must be one in support.',
    },
    "a function of one that the project has left": {
      given: [FUNCTION, { runtime: "python3.11" }],
      config: { deprecated: ["python3.11"] },
      says: 'runtime is "python3.11"; it must be one in support.',
    },
  },
  unknown: { "a runtime that is chosen later": { given: [FUNCTION, { runtime: UNKNOWN }], open: "runtime" } },
  survives: { "runtime: *": "an image has none, and AWS refuses what is no runtime" },
});
