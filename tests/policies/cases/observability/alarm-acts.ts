import rule from "../../../../policies/rules/observability/alarm-acts.ts";
import { casesOf, forEach, ref, UNKNOWN } from "../../support/cases.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:oncall";

export default casesOf(rule, {
  passes: {
    ...forEach([ALARM, COMPOSITE], "a %s that tells somebody", (type) => ({
      given: { slow: [type, { alarmActions: [TOPIC] }] },
    })),
    "an alarm for a topic that is made with it": {
      given: { oncall: ["aws:sns/topic:Topic", {}], slow: [ALARM, { alarmActions: [ref("oncall", "arn")] }] },
    },
    "an alarm for which a composite one speaks": {
      given: { slow: [ALARM, {}], both: [COMPOSITE, { alarmRule: ref("slow", "name"), alarmActions: [TOPIC] }] },
    },
  },
  fails: {
    ...forEach([ALARM, COMPOSITE], "a %s that tells nobody", (type) => ({
      given: { slow: [type, { alarmActions: [] }] },
      says: "slow: alarmActions is empty; it must name who is told.",
    })),
    "an alarm that is silenced": {
      given: { slow: [ALARM, { alarmActions: [TOPIC], actionsEnabled: false }] },
      says: "slow: actionsEnabled is false; it must be true.",
    },
  },
  unknown: {
    "actions that are decided later": { given: { slow: [ALARM, { alarmActions: UNKNOWN }] }, open: "slow: alarmActions" },
    "a composite alarm of which nobody knows what it is made of": {
      given: { slow: [ALARM, {}], both: [COMPOSITE, { alarmRule: UNKNOWN, alarmActions: [TOPIC] }] },
      open: "slow: both.alarmRule",
    },
  },
  survives: {
    "*: alarmActions[0]: *": "AWS refuses what is no action",
    "oncall: left out": "the topic may be of another stack",
  },
});
