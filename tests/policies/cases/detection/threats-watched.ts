import rule from "../../../../policies/rules/detection/threats-watched.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const DETECTOR = "aws:guardduty/detector:Detector";

export default casesOf(rule, {
  passes: {
    "a detector that is on": { given: [DETECTOR, { enable: true }] },
    "a detector that says nothing of it": { given: [DETECTOR, {}] },
  },
  fails: { "a detector that is suspended": { given: [DETECTOR, { enable: false }], says: "enable is false; it must be true." } },
  unknown: { "a switch that is decided later": { given: [DETECTOR, { enable: UNKNOWN }], open: "enable" } },
  survives: { "enable: left out": "a detector is on unless it is told otherwise" },
});
