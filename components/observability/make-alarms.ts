import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags.ts";
import type { Alarms } from "./alarm-spec.ts";
import type { Severity } from "./alarm-topics.ts";

/** Where it is written what to do about each alarm. */
const RUNBOOK = "docs/operations/alarms.md";

/** What all alarms of a component have in common. */
export interface AlarmSettings {
  /** Where they go, by severity; topics of the alarms' region. */
  readonly topicArns: Readonly<Record<Severity, pulumi.Input<string>>>;
  /** @default - the region of the stack */
  readonly region?: string;
  readonly tags: Tags;
}

/** Alarms as children of `opts.parent`, named `<name>-<role>`. They speak when they go off and when all is well again, and name the section that says what to do. */
export function makeAlarms(name: string, alarms: Alarms, settings: AlarmSettings, opts: pulumi.CustomResourceOptions): void {
  const { region, tags, topicArns } = settings;
  for (const [role, { acts, args, fixedName = false, runbook = role, severity }] of Object.entries(alarms)) {
    const tell = [topicArns[severity]];
    new MetricAlarm(
      `${name}-${role}`,
      {
        ...args,
        ...(fixedName && { name: `${name}-${role}` }),
        alarmDescription: pulumi.interpolate`${args.alarmDescription ?? ""} What to do: ${RUNBOOK}#${runbook}`,
        alarmActions: acts === undefined ? tell : [...tell, acts],
        okActions: tell,
        ...(region !== undefined && { region }),
        tags,
      },
      opts,
    );
  }
}
