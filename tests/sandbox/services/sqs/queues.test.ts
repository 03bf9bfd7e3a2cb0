import assert from "node:assert/strict";
import {
  GetQueueAttributesCommand,
  type GetQueueAttributesCommandOutput,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { refusal } from "../../support/refusal.ts";
import { refused } from "../../support/refused.ts";
import { arnOf, SqsFixture, type, urlOf } from "./support.ts";

describe("queues of SQS", () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
  });
  afterEach(() => sqs.end());

  const faults = (inputs: Props): string[] => sqs.api.stack.faults(type.queue, "jobs", { name: "jobs", ...inputs });

  it("have the outputs of the cloud, and its defaults", async () => {
    const { id, outputs } = await sqs.queue();
    assert.equal(id, urlOf("jobs"));
    assert.deepEqual(outputs, {
      arn: arnOf("jobs"),
      contentBasedDeduplication: false,
      deduplicationScope: "",
      delaySeconds: 0,
      fifoQueue: false,
      fifoThroughputLimit: "",
      kmsDataKeyReusePeriodSeconds: 300,
      maxMessageSize: 262_144,
      messageRetentionSeconds: 345_600,
      name: "jobs",
      policy: "",
      receiveWaitTimeSeconds: 0,
      sqsManagedSseEnabled: true,
      url: urlOf("jobs"),
      visibilityTimeoutSeconds: 30,
    });
  });

  it("get a name of their own where none is given, with the ending of a FIFO queue", async () => {
    const named = async (name: string, inputs: Props): Promise<string> =>
      text((await sqs.api.stack.create(type.queue, name, inputs)).outputs, "name");
    assert.match(await named("jobs", {}), /^jobs-[0-9a-f]{7}$/);
    assert.match(await named("orders", { fifoQueue: true }), /^orders-[0-9a-f]{7}\.fifo$/);
    assert.match(await named("other", { fifoQueue: true, namePrefix: "other-" }), /^other-[0-9a-f]{26}\.fifo$/);
  });

  it("let their names be taken once in a region", async () => {
    await sqs.queue();
    await refused(
      sqs.api.stack.create(type.queue, "again", { name: "jobs" }),
      "QueueAlreadyExists",
      "A queue named jobs already exists.",
    );
  });

  for (const [inputs, fault] of [
    [
      { name: "a.b" },
      'name: "a.b" is not a queue name: 1 to 80 letters, digits, hyphens and underscores; only a FIFO queue\'s ends with .fifo',
    ],
    [{ fifoQueue: true }, 'name: the name of a FIFO queue must end with .fifo, got "jobs"'],
    [{ contentBasedDeduplication: true }, "contentBasedDeduplication: it is for FIFO queues: set fifoQueue to true"],
    [{ visibilityTimeoutSeconds: 43_201 }, "visibilityTimeoutSeconds: 43201 is out of range; allowed: 0 to 43200"],
    [{ messageRetentionSeconds: 59 }, "messageRetentionSeconds: 59 is out of range; allowed: 60 to 1209600"],
    [{ maxMessageSize: 1_048_577 }, "maxMessageSize: 1048577 is out of range; allowed: 1024 to 1048576"],
    [
      { kmsMasterKeyId: "alias/aws/sqs", sqsManagedSseEnabled: true },
      'sqsManagedSseEnabled: "sqsManagedSseEnabled" conflicts with "kmsMasterKeyId": give one of them',
    ],
    [
      { redrivePolicy: '{"maxReceiveCount":"5"}' },
      'redrivePolicy: deadLetterTargetArn is missing; it must be the ARN of a queue, such as arn:aws:sqs:eu-central-1:123456789012:failed; maxReceiveCount is "5"; it must be a whole number from 1 to 1000',
    ],
    [
      { redriveAllowPolicy: '{"redrivePermission":"byQueue"}' },
      "redriveAllowPolicy: with byQueue, sourceQueueArns must name 1 to 10 queues; use allowAll for more",
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(inputs)}`, () => {
      assert.deepEqual(faults(inputs), [fault]);
    });
  }

  for (const [redrive, reason] of [
    [{ deadLetterTargetArn: arnOf("gone"), maxReceiveCount: 3 }, "Dead letter target does not exist."],
    [
      { deadLetterTargetArn: "arn:aws:sqs:us-east-1:123456789012:failed", maxReceiveCount: 3 },
      "Dead-letter queue must be in same account and region as the source.",
    ],
    [
      { deadLetterTargetArn: arnOf("failed.fifo"), maxReceiveCount: 3 },
      "Dead-letter queue must be same type of queue as the source.",
    ],
    [
      { deadLetterTargetArn: arnOf("closed"), maxReceiveCount: 3 },
      "The redrive allow policy of the dead-letter queue arn:aws:sqs:eu-central-1:123456789012:closed does not allow the source queue arn:aws:sqs:eu-central-1:123456789012:jobs.",
    ],
  ] as const) {
    it(`refuse ${redrive.deadLetterTargetArn} for what fails: ${reason}`, async () => {
      await sqs.queue("failed.fifo", { fifoQueue: true });
      await sqs.queue("closed", { redriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
      const redrivePolicy = JSON.stringify(redrive);
      await refused(
        sqs.queue("jobs", { redrivePolicy }),
        "InvalidParameterValue",
        `Value ${redrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`,
      );
      const url = (await sqs.queue("jobs")).id;
      await refused(sqs.api.stack.create(type.redrive, "redrive", { queueUrl: url, redrivePolicy }), "InvalidParameterValue");
    });
  }

  it("want DeduplicationScope messageGroup for high throughput", async () => {
    await refused(
      sqs.queue("jobs.fifo", { fifoQueue: true, fifoThroughputLimit: "perMessageGroupId" }),
      "InvalidAttributeValue",
      "Invalid value for the parameter FifoThroughputLimit. Reason: perMessageGroupId is allowed only when the value for DeduplicationScope is messageGroup.",
    );
    await sqs.queue("jobs.fifo", {
      fifoQueue: true,
      fifoThroughputLimit: "perMessageGroupId",
      deduplicationScope: "messageGroup",
    });
  });

  it("are replaced where their name or kind changes, and changed in place else", () => {
    const before = { name: "jobs", fifoQueue: false, visibilityTimeoutSeconds: 30 };
    const replaced = Object.entries({ name: "x", fifoQueue: true, visibilityTimeoutSeconds: 60 }).map(([name, value]) =>
      sqs.api.stack.engine
        .diff(type.queue, before, { ...before, [name]: value })
        .changes.map(({ path, replace }) => [path, replace]),
    );
    assert.deepEqual(replaced, [[["name", true]], [["fifoQueue", true]], [["visibilityTimeoutSeconds", false]]]);
  });

  it("keep their messages through an update, and lose them when they are deleted, with the policies beside them", async () => {
    const queue = await sqs.queue();
    const { id: queueUrl } = queue;
    await sqs.api.stack.create(type.allow, "allow", { queueUrl, redriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    await sqs.send("a");
    const updated = await sqs.api.stack.update(queue, "jobs", { name: "jobs", visibilityTimeoutSeconds: 60 });
    assert.deepEqual(await sqs.depth(), ["1", "0", "0"]);
    await sqs.api.stack.delete(updated);
    assert.deepEqual(sqs.api.cloud.world.all(type.allow), []);
    await assert.rejects(sqs.send("b"), refusal("QueueDoesNotExist", "The specified queue does not exist."));
    await sqs.queue();
    assert.deepEqual(await sqs.depth(), ["0", "0", "0"]);
  });

  it("are found by the sandbox's programs at the API, as long as there is one in the region", async () => {
    const address = (): unknown => sqs.api.cloud.addresses.resolve("sqs.eu-central-1.amazonaws.com:443")?.port;
    const [jobs, other] = [await sqs.queue(), await sqs.queue("other")];
    assert.equal(address(), Number(new URL(sqs.api.url).port));
    await sqs.api.stack.delete(jobs);
    assert.equal(address(), Number(new URL(sqs.api.url).port));
    await sqs.api.stack.delete(other);
    assert.equal(address(), undefined);
  });

  it("tell their attributes, those that are asked for", async () => {
    await sqs.queueWithDeadLetters(3, { fifoQueue: true, contentBasedDeduplication: true });
    const { Attributes = {} } = await sqs.client.send(
      new GetQueueAttributesCommand({ QueueUrl: urlOf("jobs.fifo"), AttributeNames: ["All"] }),
    );
    const { CreatedTimestamp = "", LastModifiedTimestamp, ...others } = Attributes;
    assert.match(CreatedTimestamp, /^\d{10}$/);
    assert.equal(LastModifiedTimestamp, CreatedTimestamp);
    assert.deepEqual(others, {
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesDelayed: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ContentBasedDeduplication: "true",
      DeduplicationScope: "queue",
      DelaySeconds: "0",
      FifoQueue: "true",
      FifoThroughputLimit: "perQueue",
      MaximumMessageSize: "262144",
      MessageRetentionPeriod: "345600",
      QueueArn: arnOf("jobs.fifo"),
      ReceiveMessageWaitTimeSeconds: "0",
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:123456789012:failed.fifo","maxReceiveCount":3}',
      SqsManagedSseEnabled: "true",
      VisibilityTimeout: "30",
    });
    const one = (name: string): Promise<GetQueueAttributesCommandOutput> =>
      sqs.client.send(new GetQueueAttributesCommand({ QueueUrl: urlOf("jobs.fifo"), AttributeNames: [name as "All"] }));
    assert.deepEqual((await one("QueueArn")).Attributes, { QueueArn: arnOf("jobs.fifo") });
    await assert.rejects(one("Colour"), refusal("InvalidAttributeName", "Unknown Attribute Colour."));
  });

  it("are listed by the beginning of their names, and in pages where a size is given", async () => {
    for (const name of ["b-2", "a", "b-1"]) await sqs.queue(name);
    assert.deepEqual((await sqs.client.send(new ListQueuesCommand({ QueueNamePrefix: "b-" }))).QueueUrls, [
      urlOf("b-1"),
      urlOf("b-2"),
    ]);
    const first = await sqs.client.send(new ListQueuesCommand({ MaxResults: 2 }));
    const second = await sqs.client.send(new ListQueuesCommand({ MaxResults: 2, NextToken: first.NextToken }));
    assert.deepEqual(
      [first.QueueUrls, second.QueueUrls, second.NextToken],
      [[urlOf("a"), urlOf("b-1")], [urlOf("b-2")], undefined],
    );
    assert.equal((await sqs.client.send(new GetQueueUrlCommand({ QueueName: "a" }))).QueueUrl, urlOf("a"));
    await assert.rejects(
      sqs.client.send(new GetQueueUrlCommand({ QueueName: "c" })),
      refusal("QueueDoesNotExist", "The specified queue does not exist."),
    );
  });

  it("tell the old name of an error to those who ask for it", async () => {
    await assert.rejects(sqs.send("a"), (error: Error & { Code?: string; Error?: { Code?: string } }) => {
      assert.equal(error.Error?.Code ?? error.Code, "AWS.SimpleQueueService.NonExistentQueue");
      return true;
    });
  });

  it("know from which queues they get what fails", async () => {
    await sqs.queueWithDeadLetters();
    const sources = await sqs.client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: urlOf("failed") }));
    assert.deepEqual(sources.queueUrls, [urlOf("jobs")]);
  });

  it("are tagged and untagged", async () => {
    await sqs.queue("jobs", { tags: { team: "shop" } });
    const QueueUrl = urlOf("jobs");
    await sqs.client.send(new TagQueueCommand({ QueueUrl, Tags: { stage: "scaled", team: "mail" } }));
    assert.deepEqual((await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags, { stage: "scaled", team: "mail" });
    await sqs.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["team"] }));
    assert.deepEqual((await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags, { stage: "scaled" });
  });

  it("refuse policies about other queues and other services", async () => {
    const queueUrl = (await sqs.queue()).id;
    const root = { AWS: "arn:aws:iam::123456789012:root" };
    const make = (...statements: object[]): Promise<unknown> =>
      sqs.api.stack.create(type.policy, "policy", { queueUrl, policy: policyOf(...statements) });
    await refused(
      make({ Action: "sqs:SendMessage", Principal: root, Resource: arnOf("other") }),
      "InvalidParameterValue",
      /Policy statement resource arn:aws:sqs:eu-central-1:123456789012:other is not the queue/,
    );
    await refused(
      make({ Action: "sns:Publish", Principal: root, Resource: arnOf("jobs") }),
      "InvalidParameterValue",
      /Policy statement action sns:Publish is out of service scope\.$/,
    );
    await make({ Action: "sqs:SendMessage", Principal: root, Resource: arnOf("jobs") });
  });
});
