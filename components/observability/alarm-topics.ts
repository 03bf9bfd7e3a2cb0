import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../shared/iam.ts";
import type { Tags } from "../shared/tags.ts";

/** How urgent an alarm is: `critical` wakes somebody, `warning` waits for the morning. */
export type Severity = "critical" | "warning";

/** The services that speak to the topics; the topics' key must let them in. */
export const SPEAKERS = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] as const;

/** What the caller decides about {@link AlarmTopics}. */
export interface AlarmTopicsArgs {
  /** Who gets the mail; AWS asks that address once for its consent. */
  readonly email: string;
  /** The account whose alarms and budgets may speak. */
  readonly accountId: string;
  /** ARN of the KMS key that encrypts the messages; its policy must let {@link SPEAKERS} in. */
  readonly keyArn: pulumi.Input<string>;
  /** Where the topics are, when that is not the stack's own region; alarms speak to topics of their own region only. @default - the stack's region */
  readonly region?: string;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * Where alarms go: one SNS topic for each severity, each with an e-mail subscription.
 *
 * **Cost**: the first 1,000 mails a month are free, then 2 USD for 100,000.
 */
export class AlarmTopics extends pulumi.ComponentResource {
  /** ARNs of the topics, by severity. */
  readonly arns: Readonly<Record<Severity, pulumi.Output<string>>>;

  constructor(name: string, args: AlarmTopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:observability:AlarmTopics", name, {}, opts);
    this.arns = { critical: this.#topic(name, "critical", args), warning: this.#topic(name, "warning", args) };
    this.registerOutputs({ arns: this.arns });
  }

  #topic(name: string, severity: Severity, { accountId, email, keyArn, region, tags }: AlarmTopicsArgs): pulumi.Output<string> {
    const place = region === undefined ? {} : { region };
    const topic = new Topic(
      `${name}-${severity}`,
      { kmsMasterKeyId: keyArn, displayName: `${name} ${severity}`, ...place, tags },
      { parent: this },
    );
    const speak = {
      Sid: "AlarmsAndBudgetsOfTheAccount",
      Action: "sns:Publish",
      Principal: { Service: SPEAKERS },
      Resource: topic.arn,
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    };
    new TopicPolicy(
      `${name}-${severity}-policy`,
      { arn: topic.arn, policy: policyDocument([speak]), ...place },
      { parent: this },
    );
    new TopicSubscription(
      `${name}-${severity}-email`,
      { topic: topic.arn, protocol: "email", endpoint: email, ...place },
      { parent: this },
    );
    return topic.arn;
  }
}
