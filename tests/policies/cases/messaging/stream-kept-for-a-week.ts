import rule from "../../../../policies/rules/messaging/stream-kept-for-a-week.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const STREAM = "aws:kinesis/stream:Stream";

export default casesOf(rule, {
  passes: {
    "a stream that keeps a week": { given: [STREAM, { retentionPeriod: 168 }] },
    "two days, where two are enough": { given: [STREAM, { retentionPeriod: 48 }], config: { leastHours: 48 } },
  },
  fails: {
    "a stream that keeps two days": {
      given: [STREAM, { retentionPeriod: 48 }],
      says: "retentionPeriod is 48; it must be at least 168 hours.",
    },
    "a stream that says nothing of it": {
      given: [STREAM, {}],
      says: "retentionPeriod is nothing, which means 24; it must be at least 168 hours.",
    },
  },
  unknown: { "a time that is decided later": { given: [STREAM, { retentionPeriod: UNKNOWN }], open: "retentionPeriod" } },
});
