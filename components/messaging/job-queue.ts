import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { RedriveAllowPolicy } from "@pulumi/aws/sqs/redriveAllowPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { policyDocument } from "../shared/iam.ts";
import { copied, type Tags } from "../shared/tags.ts";

/** What the caller decides about a {@link JobQueue}. */
export interface JobQueueArgs {
  /** The account whose roles may use the queue. */
  readonly accountId: string;
  /** ARN of the KMS key that encrypts the messages. */
  readonly keyArn: pulumi.Input<string>;
  /** Seconds for which a message is hidden while a worker has it; a worker that needs longer says so. @default 60 */
  readonly jobSeconds?: number;
  /** How often a message is handed out before it is set aside. @default 5 */
  readonly attempts?: number;
  /** Days for which a message waits; those set aside wait 14. @default 4 */
  readonly keepDays?: number;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** The longest that SQS keeps a message, in days. */
const LONGEST_DAYS = 14;
const DAY_SECONDS = 86_400;

/**
 * An SQS queue that tells workers which jobs are due, and a dead-letter queue for those that fail again and again.
 *
 * A message is a reference: the job itself, its state and its outcome are rows of the product's database, so a lost or doubled message loses and doubles nothing. That is
 * why both queues may be deleted when the platform moves back to a stage without them.
 *
 * **Cost**: 0.40 USD for a million requests after the first million a month; a worker that waits asks three times a minute, 0.05 USD a month.
 */
export class JobQueue extends pulumi.ComponentResource {
  /** Where messages are sent and fetched. */
  readonly url: pulumi.Output<string>;
  /** ARN, for the roles of those who use it. */
  readonly arn: pulumi.Output<string>;
  /** By which CloudWatch knows the queue. */
  readonly queueName: pulumi.Output<string>;
  /** ARN of the dead-letter queue, for those who redrive it. */
  readonly failedArn: pulumi.Output<string>;
  /** By which CloudWatch knows the dead-letter queue. */
  readonly failedName: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: JobQueueArgs;

  constructor(name: string, args: JobQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    const { attempts = 5, jobSeconds = 60, keepDays = 4 } = args;
    requireBetween(`JobQueue "${name}": jobSeconds`, jobSeconds, 1, 43_200);
    requireBetween(`JobQueue "${name}": attempts`, attempts, 1, 1000);
    requireBetween(`JobQueue "${name}": keepDays`, keepDays, 1, LONGEST_DAYS);
    super("platform:messaging:JobQueue", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const failed = this.#queue("failed", { messageRetentionSeconds: LONGEST_DAYS * DAY_SECONDS });
    const queue = this.#queue("queue", {
      visibilityTimeoutSeconds: jobSeconds,
      messageRetentionSeconds: keepDays * DAY_SECONDS,
      redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: attempts }),
    });
    const allowed = { redrivePermission: "byQueue", sourceQueueArns: [queue.arn] };
    new RedriveAllowPolicy(
      `${name}-failed-from`,
      { queueUrl: failed.id, redriveAllowPolicy: pulumi.jsonStringify(allowed) },
      { parent: this },
    );

    this.url = queue.url;
    this.arn = queue.arn;
    this.queueName = queue.name;
    this.failedArn = failed.arn;
    this.failedName = failed.name;
    this.registerOutputs({ url: this.url, arn: this.arn, failedArn: this.failedArn });
  }

  #queue(
    role: string,
    args: { messageRetentionSeconds: number; visibilityTimeoutSeconds?: number; redrivePolicy?: pulumi.Input<string> },
  ): Queue {
    const { keyArn, tags } = this.#args;
    const queue = new Queue(
      `${this.#name}-${role}`,
      {
        ...args,
        kmsMasterKeyId: keyArn,
        // Each hour a worker's requests come to a few calls of KMS; at the default of five minutes it would be twelve times as many.
        kmsDataKeyReusePeriodSeconds: 3600,
        // A fetch waits for a message instead of coming back with none.
        receiveWaitTimeSeconds: 20,
        tags: copied(tags),
      },
      { parent: this },
    );
    new QueuePolicy(`${this.#name}-${role}-access`, { queueUrl: queue.id, policy: this.#policy(queue) }, { parent: this });
    return queue;
  }

  #policy({ arn }: Queue): pulumi.Output<string> {
    const everything = { Action: "sqs:*", Resource: arn };
    return policyDocument([
      {
        Sid: "RolesOfTheAccount",
        ...everything,
        Principal: { AWS: `arn:aws:iam::${this.#args.accountId}:root` },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        ...everything,
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  }
}
