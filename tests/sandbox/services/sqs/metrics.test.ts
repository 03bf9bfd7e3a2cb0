import assert from "node:assert/strict";
import { DeleteMessageCommand } from "@aws-sdk/client-sqs";
import { collectQueues } from "../../../../sandbox/src/services/sqs/metrics.ts";
import { SqsFixture, urlOf } from "./support.ts";

describe("the metrics of SQS", () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
  });
  afterEach(() => sqs.end());

  const collected = (): Record<string, number> => {
    const { cloud } = sqs.api;
    cloud.metrics.length = 0;
    collectQueues(cloud, 0);
    assert.deepEqual(new Set(cloud.metrics.map(({ namespace }) => namespace)), new Set(["AWS/SQS"]));
    return Object.fromEntries(
      cloud.metrics.map(({ name, dimensions, value }) => [`${dimensions["QueueName"] ?? ""} ${name}`, value]),
    );
  };

  it("tell what is in a queue, how old it is, and what went through since the minute before", async () => {
    await sqs.queue();
    for (const body of ["a", "b", "cde"]) await sqs.send(body);
    await sqs.send("later", { DelaySeconds: 900 });
    const [first] = await sqs.receive({ MaxNumberOfMessages: 1 });
    await sqs.receive({ MaxNumberOfMessages: 1 });
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl: urlOf("jobs"), ReceiptHandle: first?.ReceiptHandle }));
    sqs.api.cloud.pass(10_000);
    const { "jobs ApproximateAgeOfOldestMessage": age = 0, ...others } = collected();
    assert.ok(age >= 10 && age < 60, `${String(age)} s`);
    assert.deepEqual(others, {
      "jobs ApproximateNumberOfMessagesVisible": 1,
      "jobs ApproximateNumberOfMessagesNotVisible": 1,
      "jobs ApproximateNumberOfMessagesDelayed": 1,
      "jobs NumberOfMessagesSent": 4,
      "jobs NumberOfMessagesReceived": 2,
      "jobs NumberOfMessagesDeleted": 1,
      "jobs NumberOfEmptyReceives": 0,
      "jobs SentMessageSize": 2.5,
    });
    assert.equal(collected()["jobs NumberOfMessagesSent"], 0);
  });

  it("count the groups of a FIFO queue that are worked on, and receives in vain", async () => {
    const QueueUrl = urlOf("jobs.fifo");
    await sqs.queue("jobs.fifo", { fifoQueue: true, contentBasedDeduplication: true });
    await sqs.receive({ QueueUrl });
    for (const MessageGroupId of ["a", "b"]) await sqs.send(MessageGroupId, { QueueUrl, MessageGroupId });
    await sqs.receive({ QueueUrl, MaxNumberOfMessages: 1 });
    const metrics = collected();
    assert.deepEqual(
      [metrics["jobs.fifo ApproximateNumberOfGroupsWithInflightMessages"], metrics["jobs.fifo NumberOfEmptyReceives"]],
      [1, 1],
    );
  });
});
