import { Group } from "@pulumi/aws/xray/group.js";
import * as pulumi from "@pulumi/pulumi";
import { shortName } from "../shared/names.ts";
import type { Tags } from "../shared/tags.ts";

/** What the caller decides about {@link Tracing}. */
export interface TracingArgs {
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * The view of the traces that are worth reading: requests that failed, or took longer than half a second. X-Ray draws the map of what they went through, and reports when there are more of them
 * than usual.
 *
 * The traces come from the servers: a group of servers with `traces` runs a collector beside the product, which keeps all that failed or were slow and a share of the others.
 *
 * **Cost**: the first 100,000 traces a month are free, then 5 USD a million; insights 1 USD for a million traces. At 5 % of 10 million requests that is some 3 USD.
 */
export class Tracing extends pulumi.ComponentResource {
  /** By which X-Ray knows the group, in its console and for alarms. */
  readonly groupName: pulumi.Output<string>;

  constructor(name: string, args: TracingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:observability:Tracing", name, {}, opts);
    const group = new Group(
      `${name}-failed-or-slow`,
      {
        groupName: shortName(name, 32),
        filterExpression: "fault = true OR responsetime > 0.5",
        insightsConfiguration: { insightsEnabled: true, notificationsEnabled: false },
        tags: args.tags,
      },
      { parent: this },
    );
    this.groupName = group.groupName;
    this.registerOutputs({ groupName: this.groupName });
  }
}
