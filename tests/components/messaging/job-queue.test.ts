import assert from "node:assert/strict";
import { JobQueue, type JobQueueArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { tags } from "../examples.ts";

const args: JobQueueArgs = { accountId: "123456789012", keyArn: "arn:test:key", tags };

const queue = (changes: Partial<JobQueueArgs> = {}): Promise<Recorded[]> =>
  record(() => new JobQueue("jobs", { ...args, ...changes }));

describe("JobQueue", () => {
  it("makes exactly these resources", async () => {
    assert.deepEqual((await queue()).map((one) => identity(one).replace("platform:messaging:JobQueue$", "")).sort(), [
      "aws:sqs/queue:Queue::jobs-failed",
      "aws:sqs/queue:Queue::jobs-queue",
      "aws:sqs/queuePolicy:QueuePolicy::jobs-failed-access",
      "aws:sqs/queuePolicy:QueuePolicy::jobs-queue-access",
      "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy::jobs-failed-from",
      "platform:messaging:JobQueue::jobs",
    ]);
  });

  it("hides a job for a minute, lets workers wait for one, and sets it aside after five attempts", async () => {
    const { redrivePolicy, ...inputs } = only(await queue(), "jobs-queue").inputs;
    assert.deepEqual(inputs, {
      kmsMasterKeyId: "arn:test:key",
      kmsDataKeyReusePeriodSeconds: 3600,
      visibilityTimeoutSeconds: 60,
      messageRetentionSeconds: 345_600,
      receiveWaitTimeSeconds: 20,
      tags: { "platform:name": "test", "platform:data": "copy" },
    });
    assert.deepEqual(JSON.parse(redrivePolicy as string), { deadLetterTargetArn: "arn:test:jobs-failed", maxReceiveCount: 5 });
  });

  it("keeps failed jobs for as long as SQS can, and those of this queue alone", async () => {
    const resources = await queue();
    assert.equal(only(resources, "jobs-failed").inputs["messageRetentionSeconds"], 1_209_600);
    assert.deepEqual(JSON.parse(only(resources, "jobs-failed-from").inputs["redriveAllowPolicy"] as string), {
      redrivePermission: "byQueue",
      sourceQueueArns: ["arn:test:jobs-queue"],
    });
  });

  it("serves roles of the account by TLS, and nobody else, in either queue", async () => {
    const resources = await queue();
    for (const role of ["queue", "failed"]) {
      const { inputs } = only(resources, `jobs-${role}-access`);
      assert.deepEqual(JSON.parse(inputs["policy"] as string), {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "RolesOfTheAccount",
            Action: "sqs:*",
            Resource: `arn:test:jobs-${role}`,
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Effect: "Allow",
          },
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Action: "sqs:*",
            Principal: "*",
            Resource: `arn:test:jobs-${role}`,
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    }
  });

  it("gives what workers, roles and alarms need", async () => {
    const { result } = await run(() => {
      const { arn, failedArn, failedName, queueName, url } = new JobQueue("jobs", args);
      return { arn, failedArn, failedName, queueName, url };
    });
    assert.deepEqual(result, {
      arn: "arn:test:jobs-queue",
      failedArn: "arn:test:jobs-failed",
      failedName: "jobs-failed-0123456",
      queueName: "jobs-queue-0123456",
      url: "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs-queue-0123456",
    });
  });

  const refusals: readonly (readonly [Partial<JobQueueArgs>, string])[] = [
    [{ jobSeconds: 0 }, "jobSeconds is 0; allowed: 1 to 43200"],
    [{ attempts: 0 }, "attempts is 0; allowed: 1 to 1000"],
    [{ keepDays: 15 }, "keepDays is 15; allowed: 1 to 14"],
  ];
  for (const [changes, words] of refusals)
    it(`refuses ${JSON.stringify(changes)}`, async () => {
      await assert.rejects(queue(changes), new RangeError(`JobQueue "jobs": ${words}`));
    });
});
