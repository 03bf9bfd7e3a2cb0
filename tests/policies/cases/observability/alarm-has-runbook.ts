import rule from "../../../../policies/rules/observability/alarm-has-runbook.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"];
const says = "alarmDescription names no page; it must name the one that says what to do.";

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s with the path of a page", (type) => ({
      given: [type, { alarmDescription: "Jobs wait too long: docs/operations/queue.md#late" }],
    })),
    "an alarm with an address": { given: [TYPES[0] ?? "", { alarmDescription: "https://wiki.example.com/queue" }] },
  },
  fails: {
    ...forEach(TYPES, "a %s that only says what is wrong", (type) => ({
      given: [type, { alarmDescription: "Jobs wait too long." }],
      says,
    })),
    "an alarm that says nothing": { given: [TYPES[0] ?? "", {}], says },
  },
  unknown: {
    "a description that is not known": { given: [TYPES[0] ?? "", { alarmDescription: UNKNOWN }], open: "alarmDescription" },
  },
  survives: { "alarmDescription: another text": "another page is one as well" },
});
