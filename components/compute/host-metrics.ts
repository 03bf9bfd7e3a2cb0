import { Association } from "@pulumi/aws/ssm/association.js";
import { Parameter } from "@pulumi/aws/ssm/parameter.js";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../shared/iam.ts";
import type { Tags } from "../shared/tags.ts";

/** The CloudWatch namespace of what the agent measures. */
export const AGENT_NAMESPACE = "CWAgent";

/** What the caller decides about {@link HostMetrics}. */
export interface HostMetricsArgs {
  /** The `Name` tag of the servers to measure; servers that come later with the same tag are measured as well. */
  readonly serverName: string;
  /** Whether the servers are a group that is measured as a whole: by `AutoScalingGroupName` instead of `InstanceId`. @default false */
  readonly asGroup?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * Memory and disk use, which EC2 does not see from outside: Systems Manager installs the CloudWatch agent on the servers and keeps it configured.
 *
 * Publishes `mem_used_percent` and `procstat_lookup_pid_count` (containers that run) by `InstanceId`, and `disk_used_percent` by `InstanceId` and `path`.
 *
 * **Cost**: 1.80 USD a month: 0.30 USD for each of six metrics, of each server or of the group as a whole.
 */
export class HostMetrics extends pulumi.ComponentResource {
  constructor(name: string, args: HostMetricsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { asGroup = false, serverName, tags } = args;
    super("platform:compute:HostMetrics", name, {}, opts);

    const settings = new Parameter(
      `${name}-settings`,
      // The policies that Amazon publishes for the agent let it read parameters whose name begins so, and no others.
      { name: `AmazonCloudWatch-${serverName}`, type: "String", value: JSON.stringify(agentSettings(asGroup)), tags },
      { parent: this },
    );
    // Repeated, because the second is tried on a new server before the first has finished there.
    const common = { scheduleExpression: "rate(30 minutes)", targets: [{ key: "tag:Name", values: [serverName] }], tags };
    const installed = new Association(
      `${name}-install`,
      { ...common, name: "AWS-ConfigureAWSPackage", parameters: { action: "Install", name: "AmazonCloudWatchAgent" } },
      { parent: this },
    );
    const parameters = {
      action: "configure",
      mode: "ec2",
      optionalConfigurationSource: "ssm",
      optionalConfigurationLocation: settings.name,
      optionalRestart: "yes",
    };
    new Association(
      `${name}-configure`,
      { ...common, name: "AmazonCloudWatch-ManageAgent", parameters },
      { parent: this, dependsOn: [installed] },
    );
    this.registerOutputs();
  }
}

/**
 * What the servers of a group may do so that the agent finds out which group theirs is. AWS knows no narrower resource for it (Service Authorization Reference, Amazon EC2).
 */
export const FIND_GROUP: Statement = { Sid: "FindTheGroup", Action: "ec2:DescribeTags", Resource: "*" };

/** The agent's own settings; see "CloudWatch agent configuration file" in the CloudWatch user guide. */
export function agentSettings(asGroup = false): object {
  const whose = asGroup ? "AutoScalingGroupName" : "InstanceId";
  return {
    agent: { metrics_collection_interval: 60 },
    metrics: {
      namespace: AGENT_NAMESPACE,
      append_dimensions: { [whose]: `\${aws:${whose}}` },
      // Alarms name these dimensions; the device's name differs from one instance type to the next.
      aggregation_dimensions: [[whose], [whose, "path"]],
      metrics_collected: {
        mem: { measurement: ["mem_used_percent"] },
        disk: { measurement: ["used_percent"], resources: ["/"], drop_device: true },
        // Docker runs one of these for each container.
        procstat: [{ exe: "containerd-shim", measurement: ["pid_count"] }],
      },
    },
  };
}
