import type { CompositeAlarmArgs } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** An address, or the path of a page, such as `docs/operations/queue.md#late`. */
const RUNBOOK = /\bhttps?:\/\/\S+|\b[\w/-]+\.md\b/;

export default rule({
  id: "alarm-has-runbook",
  title: "An alarm says where it is written what to do",
  severity: "medium",
  description: "Whoever is woken at night should not have to find out first what the alarm means and what has helped before.",
  remediation: "Name the page with the steps in alarmDescription, by its address or its path.",
  controls: { wellArchitected: ["OPS10"] },
  since: "distributed",
  resources: {
    "aws:cloudwatch/metricAlarm:MetricAlarm": documented,
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": documented,
  },
});

function documented(alarm: Resource<CompositeAlarmArgs | MetricAlarmArgs>, { fail }: Check<unknown>): void {
  const description = alarm.at("alarmDescription");
  if (!RUNBOOK.test(description.value ?? ""))
    fail(description, "alarmDescription names no page", "it must name the one that says what to do");
}
