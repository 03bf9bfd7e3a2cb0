import type { EventTargetArgs } from "@pulumi/aws/cloudwatch/eventTarget.js";
import type { ScheduleArgs } from "@pulumi/aws/scheduler/schedule.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "event-target-dead-letters",
  title: "What EventBridge cannot deliver is set aside",
  severity: "medium",
  description: "EventBridge tries for a day, and drops the event at once when it may not deliver it. Neither is told to anyone.",
  remediation: "Name a queue in deadLetterConfig.arn, and let EventBridge send to it by the policy of that queue.",
  controls: { wellArchitected: ["REL05"] },
  since: "scaled",
  resources: {
    "aws:cloudwatch/eventTarget:EventTarget": (target: Resource<EventTargetArgs>, { must }) =>
      must(target.at("deadLetterConfig", "arn"), beSet("name a dead-letter queue")),
    "aws:scheduler/schedule:Schedule": (schedule: Resource<ScheduleArgs>, { must }) =>
      must(schedule.at("target", "deadLetterConfig", "arn"), beSet("name a dead-letter queue")),
  },
});
