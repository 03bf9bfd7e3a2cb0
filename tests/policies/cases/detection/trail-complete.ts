import rule from "../../../../policies/rules/detection/trail-complete.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";
const sound = { isMultiRegionTrail: true, enableLogFileValidation: true };

export default casesOf(rule, {
  passes: {
    "a trail of every region": { given: [TRAIL, sound] },
    "a trail that says that it is on": { given: [TRAIL, { ...sound, enableLogging: true, includeGlobalServiceEvents: true }] },
  },
  fails: {
    "a trail of one region": {
      given: [TRAIL, {}],
      says: ["isMultiRegionTrail is nothing; it must be true.", "enableLogFileValidation is nothing; it must be true."],
    },
    "a trail that is off": {
      given: [TRAIL, { ...sound, enableLogging: false }],
      says: "enableLogging is false; it must be true.",
    },
    "a trail without IAM": {
      given: [TRAIL, { ...sound, includeGlobalServiceEvents: false }],
      says: "includeGlobalServiceEvents is false; it must be true.",
    },
  },
  unknown: {
    "regions that are decided later": {
      given: [TRAIL, { ...sound, isMultiRegionTrail: UNKNOWN, enableLogging: false }],
      open: "isMultiRegionTrail",
      says: "enableLogging is false; it must be true.",
    },
  },
  survives: {
    "enableLogging: left out": "a trail is on unless it is told otherwise",
    "includeGlobalServiceEvents: left out": "a trail has them unless it is told otherwise",
  },
});
