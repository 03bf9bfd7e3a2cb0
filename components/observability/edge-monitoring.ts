import * as pulumi from "@pulumi/pulumi";
import { Encryption } from "../security/encryption.ts";
import { copied, type Tags } from "../shared/tags.ts";
import { AlarmTopics, type Severity, SPEAKERS } from "./alarm-topics.ts";
import { edgeAlarms, type WatchedEdge } from "./edge-alarms.ts";
import { makeAlarms } from "./make-alarms.ts";

/** The one region in which CloudFront, Route 53 and firewalls before CloudFront are measured. */
const EDGE_REGION = "us-east-1";

/** What the caller decides about an {@link EdgeMonitoring}. */
export interface EdgeMonitoringArgs {
  /** The account whose alarms may speak. */
  readonly accountId: string;
  /** Who gets the mail; AWS asks that address for its consent once more, because the topics are others. */
  readonly email: string;
  /** What is watched at the edge. */
  readonly watched: WatchedEdge;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * The alarms of what AWS measures in us-east-1 only: the delivery network, the check from outside, the firewall before the network.
 *
 * An alarm speaks to topics of its own region, and a topic is encrypted with a key of its own region, so it brings both.
 *
 * **Cost**: 1 USD a month for the key, 0.10 USD for each of three alarms.
 */
export class EdgeMonitoring extends pulumi.ComponentResource {
  /** ARNs of the topics in us-east-1, by severity. */
  readonly topicArns: Readonly<Record<Severity, pulumi.Output<string>>>;

  constructor(name: string, args: EdgeMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { accountId, email, tags, watched } = args;
    super("platform:observability:EdgeMonitoring", name, {}, opts);
    const child = { parent: this };
    const place = { accountId, region: EDGE_REGION };

    const key = new Encryption(
      `${name}-messages`,
      // Messages pass through and are not kept, so nothing is lost with the key.
      { ...place, description: `Alarms of ${name}`, services: SPEAKERS, protect: false, tags: copied(tags) },
      child,
    );
    const topics = new AlarmTopics(`${name}-topics`, { ...place, email, keyArn: key.keyArn, tags }, child);
    makeAlarms(name, edgeAlarms(watched), { topicArns: topics.arns, region: EDGE_REGION, tags }, child);

    this.topicArns = topics.arns;
    this.registerOutputs({ topicArns: this.topicArns });
  }
}
