import type { CompositeAlarmArgs } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { Check } from "../../framework/check.ts";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "alarm-acts",
  title: "An alarm tells somebody, or does something",
  severity: "high",
  description: "An alarm without an action turns red in a console that nobody looks at.",
  remediation:
    "Name a topic in alarmActions and leave actionsEnabled on, or name the alarm in the rule of an aws.cloudwatch.CompositeAlarm.",
  controls: { securityHub: ["CloudWatch.15", "CloudWatch.17"], wellArchitected: ["OPS10", "REL06"] },
  inStack: {
    "aws:cloudwatch/metricAlarm:MetricAlarm": (alarm: Resource<MetricAlarmArgs>, check, stack) => {
      // A composite alarm speaks for those that it is made of.
      const parts = stack.linked<CompositeAlarmArgs>("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmRule", alarm);
      if (parts.length === 0) acts(alarm, check);
    },
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": acts,
  },
});

function acts(alarm: Resource<CompositeAlarmArgs | MetricAlarmArgs>, { fail, must }: Check<unknown>): void {
  must(alarm.at("actionsEnabled").or(true), beTrue);
  // An action that is made in the same program is one, whatever its ARN will be.
  const { alarmActions: sources = [] } = alarm.propertyDependencies;
  const actions = alarm.at("alarmActions");
  if (sources.length === 0 && !actions.isSet) fail(actions, "alarmActions is empty", "it must name who is told");
}
