import assert from "node:assert/strict";
import { DeleteMessageCommand, type SendMessageCommandOutput } from "@aws-sdk/client-sqs";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refusal } from "../../support/refusal.ts";
import { SqsFixture, urlOf } from "./support.ts";

describe("FIFO queues of SQS", () => {
  const QueueUrl = urlOf("jobs.fifo");
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
  });
  afterEach(() => sqs.end());

  const queue = (inputs: Props = {}): Promise<unknown> => sqs.queue("jobs.fifo", { fifoQueue: true, ...inputs });
  const send = (body: string, MessageGroupId: string, MessageDeduplicationId = body): Promise<SendMessageCommandOutput> =>
    sqs.send(body, { QueueUrl, MessageGroupId, MessageDeduplicationId });
  const bodies = (MaxNumberOfMessages = 10): Promise<string[]> => sqs.bodies({ QueueUrl, MaxNumberOfMessages });

  it("keep the order within a group, and give out nothing of a group while some of it is in flight", async () => {
    await queue();
    for (const [body, group] of [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
      ["a3", "a"],
    ] as const)
      await send(body, group);
    const [first] = await sqs.receive({ QueueUrl, MaxNumberOfMessages: 1, MessageSystemAttributeNames: ["All"] });
    assert.deepEqual(
      [first?.Body, first?.Attributes?.MessageGroupId, first?.Attributes?.MessageDeduplicationId],
      ["a1", "a", "a1"],
    );
    assert.deepEqual(await bodies(), ["b1"]);
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    assert.deepEqual(await bodies(), ["a2", "a3"]);
    assert.deepEqual(await bodies(), []);
    sqs.pass(31);
    assert.deepEqual(await bodies(), ["a2", "b1", "a3"]);
  });

  it("take a message once in five minutes, and answer the second time as the first", async () => {
    await queue();
    const first = await send("a", "g", "once");
    assert.match(first.SequenceNumber ?? "", /^1\d{19}$/);
    const second = await send("another body", "g", "once");
    assert.deepEqual([second.MessageId, second.SequenceNumber], [first.MessageId, first.SequenceNumber]);
    assert.deepEqual(await bodies(), ["a"]);
    sqs.pass(300);
    assert.notEqual((await send("b", "g2", "once")).MessageId, first.MessageId);
    assert.deepEqual(await bodies(), ["a", "b"]);
  });

  it("know a message by its body where they are told to, and by its group as well where they are told that", async () => {
    await queue({ contentBasedDeduplication: true, deduplicationScope: "messageGroup" });
    for (const MessageGroupId of ["g", "g", "h"]) await sqs.send("same", { QueueUrl, MessageGroupId });
    assert.deepEqual(await bodies(), ["same", "same"]);
  });

  it("tell a receiver that it is too late to delete", async () => {
    await queue();
    await send("a", "g");
    const [message] = await sqs.receive({ QueueUrl });
    sqs.pass(31);
    await assert.rejects(
      sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })),
      refusal("InvalidParameterValue", /Reason: The receipt handle has expired\.$/),
    );
    assert.deepEqual(await bodies(), ["a"]);
  });

  it("wake a receiver that waits for a group when its message in flight is deleted", async () => {
    await queue();
    await send("a1", "a");
    await send("a2", "a");
    const [first] = await sqs.receive({ QueueUrl, MaxNumberOfMessages: 1 });
    const waiting = sqs.bodies({ QueueUrl, WaitTimeSeconds: 20 });
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    assert.deepEqual(await waiting, ["a2"]);
  });

  for (const [input, code, message] of [
    [{}, "MissingParameter", "The request must contain the parameter MessageGroupId."],
    [
      { MessageGroupId: "g" },
      "InvalidParameterValue",
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    ],
    [
      { MessageGroupId: "g", MessageDeduplicationId: "d", DelaySeconds: 5 },
      "InvalidParameterValue",
      "Value 5 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
    ],
    [
      { MessageGroupId: "two words", MessageDeduplicationId: "d" },
      "InvalidParameterValue",
      "Value two words for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
    ],
  ] as const) {
    it(`refuse a message with ${JSON.stringify(input)}`, async () => {
      await queue();
      await assert.rejects(sqs.send("a", { QueueUrl, ...input }), refusal(code, message));
    });
  }
});
