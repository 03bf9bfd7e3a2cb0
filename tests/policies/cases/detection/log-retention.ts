import rule from "../../../../policies/rules/detection/log-retention.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const LOGS = "aws:cloudwatch/logGroup:LogGroup";

export default casesOf(rule, {
  passes: {
    "a month of logs": { given: [LOGS, { retentionInDays: 30 }] },
    "a group that only passes logs on": { given: [LOGS, { logGroupClass: "DELIVERY" }] },
    "a day, where that is enough": { given: [LOGS, { retentionInDays: 1 }], config: { leastDays: 1, mostDays: 90 } },
  },
  fails: {
    "a group that says nothing of it": {
      given: [LOGS, {}],
      says: "retentionInDays is nothing, which means for ever; it must be 7 to 3653 days.",
    },
    "for ever": { given: [LOGS, { retentionInDays: 0 }], says: "retentionInDays is 0; it must be 7 to 3653 days." },
    "a year, where a quarter is the most": {
      given: [LOGS, { retentionInDays: 365 }],
      config: { mostDays: 90 },
      says: "retentionInDays is 365; it must be 7 to 90 days.",
    },
  },
  unknown: {
    "days that are decided later": { given: [LOGS, { retentionInDays: UNKNOWN }], open: "retentionInDays" },
    "a class that is decided later": { given: [LOGS, { logGroupClass: UNKNOWN }], open: "logGroupClass" },
  },
});
