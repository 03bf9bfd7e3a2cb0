import rule from "../../../../policies/rules/messaging/event-target-dead-letters.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const SCHEDULE = "aws:scheduler/schedule:Schedule";
const arn = "arn:aws:sqs:eu-central-1:123456789012:undelivered";

export default casesOf(rule, {
  passes: {
    "a target with a queue for what did not reach it": { given: [TARGET, { deadLetterConfig: { arn } }] },
    "a schedule with such a queue": { given: [SCHEDULE, { target: { deadLetterConfig: { arn } } }] },
  },
  fails: {
    "a target without one": {
      given: [TARGET, { arn: "arn:aws:lambda:eu-central-1:123456789012:function:mail" }],
      says: "deadLetterConfig.arn is nothing; it must name a dead-letter queue.",
    },
    "a schedule with an empty one": {
      given: [SCHEDULE, { target: { deadLetterConfig: {} } }],
      says: "target.deadLetterConfig.arn is nothing; it must name a dead-letter queue.",
    },
  },
  unknown: {
    "a queue that is made later": { given: [TARGET, { deadLetterConfig: { arn: UNKNOWN } }], open: "deadLetterConfig.arn" },
    "a target of a schedule that is not known": { given: [SCHEDULE, { target: UNKNOWN }], open: "target" },
  },
  survives: { "*arn: another text": "another queue keeps it as well" },
});
