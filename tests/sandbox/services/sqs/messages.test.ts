import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { derived } from "../../../../sandbox/src/core/ids.ts";
import { refusal } from "../../support/refusal.ts";
import { SqsFixture, urlOf } from "./support.ts";

describe("messages of SQS", () => {
  const QueueUrl = urlOf("jobs");
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    await sqs.queue();
  });
  afterEach(() => sqs.end());

  const seconds = (count: number): void => {
    sqs.pass(count);
  };
  const show = (ReceiptHandle: string | undefined, VisibilityTimeout: number): Promise<unknown> =>
    sqs.client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  const remove = (ReceiptHandle: string | undefined): Promise<unknown> =>
    sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  it("come out as they went in, with checksums that the SDK checks", async () => {
    const sent = await sqs.send("Grüße", {
      MessageAttributes: {
        kind: { DataType: "String", StringValue: "mail" },
        tries: { DataType: "Number.int", StringValue: "3" },
        raw: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 255]) },
      },
      MessageSystemAttributes: {
        AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" },
      },
    });
    // Both were computed by AWS's rule with Python's hashlib.
    assert.deepEqual(
      [sent.MD5OfMessageBody, sent.MD5OfMessageAttributes],
      ["49c5f675b49037b6044b803ac9d1a6d7", "d2f1d54b2d54930b0296fb3cc371d467"],
    );
    const [message] = await sqs.receive({ MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] });
    assert.ok(message);
    const { Attributes = {}, Body, MessageAttributes = {}, MessageId } = message;
    assert.deepEqual([Body, MessageId], ["Grüße", sent.MessageId]);
    assert.deepEqual(MessageAttributes["raw"]?.BinaryValue, new Uint8Array([1, 2, 255]));
    assert.equal(message.MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
    const { SentTimestamp, ApproximateFirstReceiveTimestamp, ...others } = Attributes;
    assert.ok(Number(SentTimestamp) <= Number(ApproximateFirstReceiveTimestamp));
    assert.deepEqual(others, {
      SenderId: `AIDA${derived(16, "123456789012", "operator").toUpperCase()}`,
      ApproximateReceiveCount: "1",
      AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
    });
  });

  it("show only the attributes that the receiver names", async () => {
    const value = (StringValue: string) => ({ DataType: "String", StringValue });
    await sqs.send("a", { MessageAttributes: { "order.id": value("7"), "order.kind": value("gift"), other: value("x") } });
    const names = async (MessageAttributeNames: string[]): Promise<string[]> => {
      const [message] = await sqs.receive({ MessageAttributeNames, VisibilityTimeout: 0 });
      return Object.keys(message?.MessageAttributes ?? {}).sort();
    };
    assert.deepEqual(await names([]), []);
    assert.deepEqual(await names(["other", "missing"]), ["other"]);
    assert.deepEqual(await names(["order.*"]), ["order.id", "order.kind"]);
    assert.deepEqual(await names([".*"]), ["order.id", "order.kind", "other"]);
  });

  it("are hidden while their receiver works, and come again when it did not delete them", async () => {
    await sqs.send("a");
    const [first] = await sqs.receive();
    assert.deepEqual(await sqs.bodies(), []);
    assert.deepEqual(await sqs.depth(), ["0", "1", "0"]);
    seconds(31);
    const [second] = await sqs.receive({ MessageSystemAttributeNames: ["ApproximateReceiveCount"] });
    assert.deepEqual([second?.Body, second?.Attributes], ["a", { ApproximateReceiveCount: "2" }]);
    assert.notEqual(first?.ReceiptHandle, second?.ReceiptHandle);
    // The first receiver is too late: its handle deletes nothing.
    await remove(first?.ReceiptHandle);
    assert.deepEqual(await sqs.depth(), ["0", "1", "0"]);
    await remove(second?.ReceiptHandle);
    await remove(second?.ReceiptHandle);
    assert.deepEqual(await sqs.depth(), ["0", "0", "0"]);
  });

  it("are hidden for longer, or given back, as their receiver wants", async () => {
    await sqs.send("a");
    const [message] = await sqs.receive();
    await show(message?.ReceiptHandle, 120);
    seconds(60);
    assert.deepEqual(await sqs.bodies(), []);
    await show(message?.ReceiptHandle, 0);
    assert.deepEqual(await sqs.bodies(), ["a"]);
    const late = "Message does not exist or is not available for visibility timeout change.";
    await assert.rejects(show(message?.ReceiptHandle, 10), refusal("InvalidParameterValue", new RegExp(`Reason: ${late}$`)));
    await assert.rejects(
      show(message?.ReceiptHandle, 43_201),
      refusal(
        "InvalidParameterValue",
        "Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.",
      ),
    );
    await assert.rejects(
      remove("AQEB"),
      refusal("ReceiptHandleIsInvalid", 'The input receipt handle "AQEB" is not a valid receipt handle.'),
    );
  });

  it("wait for their delay: the queue's, or their own", async () => {
    await sqs.queue("later", { delaySeconds: 60 });
    await sqs.send("queue's", { QueueUrl: urlOf("later") });
    await sqs.send("none", { QueueUrl: urlOf("later"), DelaySeconds: 0 });
    await sqs.send("own", { QueueUrl: urlOf("later"), DelaySeconds: 10 });
    const bodies = (): Promise<string[]> => sqs.bodies({ QueueUrl: urlOf("later"), VisibilityTimeout: 600 });
    assert.deepEqual(await sqs.depth("later"), ["1", "0", "2"]);
    assert.deepEqual(await bodies(), ["none"]);
    seconds(10);
    assert.deepEqual(await bodies(), ["own"]);
    seconds(50);
    assert.deepEqual(await bodies(), ["queue's"]);
  });

  it("are forgotten when the queue does not keep them longer", async () => {
    await sqs.queue("short", { messageRetentionSeconds: 60 });
    await sqs.send("a", { QueueUrl: urlOf("short") });
    seconds(58);
    assert.deepEqual(await sqs.depth("short"), ["1", "0", "0"]);
    seconds(3);
    assert.deepEqual(await sqs.depth("short"), ["0", "0", "0"]);
    assert.deepEqual(await sqs.bodies({ QueueUrl: urlOf("short") }), []);
  });

  it("are waited for by a long poll, which ends when one comes", async () => {
    const waiting = sqs.bodies({ WaitTimeSeconds: 20 });
    const elsewhere = sqs.bodies({ WaitTimeSeconds: 20 });
    await sqs.receivers(2);
    await sqs.send("a");
    assert.deepEqual(await Promise.race([waiting, elsewhere]), ["a"]);
    await sqs.send("b");
    assert.deepEqual((await Promise.all([waiting, elsewhere])).flat().sort(), ["a", "b"]);
  });

  it("are not taken by a long poll whose client has gone", async () => {
    const abort = new AbortController();
    const waiting = sqs.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: abort.signal });
    await sqs.receivers(1);
    abort.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    await sqs.receivers(0);
    await sqs.send("a");
    assert.deepEqual(await sqs.bodies(), ["a"]);
  });

  it("go and come in batches, each entry by itself", async () => {
    const { Successful = [], Failed = [] } = await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "good", MessageBody: "a" },
          { Id: "late", MessageBody: "b", DelaySeconds: 901 },
        ],
      }),
    );
    assert.deepEqual(
      [Successful.map(({ Id }) => Id), Failed],
      [
        ["good"],
        [
          {
            Id: "late",
            SenderFault: true,
            Code: "InvalidParameterValue",
            Message: "Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.",
          },
        ],
      ],
    );
    const [message] = await sqs.receive();
    const ReceiptHandle = message?.ReceiptHandle;
    const shown = await sqs.client.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: [{ Id: "one", ReceiptHandle, VisibilityTimeout: 5 }] }),
    );
    assert.deepEqual(shown.Successful, [{ Id: "one" }]);
    const deleted = await sqs.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "one", ReceiptHandle },
          { Id: "two", ReceiptHandle: "x" },
        ],
      }),
    );
    assert.deepEqual(deleted.Successful, [{ Id: "one" }]);
    assert.deepEqual(
      deleted.Failed?.map(({ Code }) => Code),
      ["ReceiptHandleIsInvalid"],
    );
    assert.deepEqual(await sqs.depth(), ["0", "0", "0"]);
  });

  for (const [name, Entries, code, message] of [
    ["none", [], "EmptyBatchRequest", "There should be at least one SendMessageBatchRequestEntry in the request."],
    [
      "eleven",
      Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: "a" })),
      "TooManyEntriesInBatchRequest",
      "Maximum number of entries per request are 10. You have sent 11.",
    ],
    [
      "two of one id",
      [
        { Id: "a", MessageBody: "a" },
        { Id: "a", MessageBody: "b" },
      ],
      "BatchEntryIdsNotDistinct",
      "Id a repeated.",
    ],
    [
      "an id with a dot",
      [{ Id: "a.b", MessageBody: "a" }],
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
    ],
  ] as const) {
    it(`are refused in a batch of ${name}`, async () => {
      await assert.rejects(
        sqs.client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [...Entries] })),
        refusal(code, message),
      );
    });
  }

  it("may be as large as the queue takes, with their attributes, and not a byte larger", async () => {
    await sqs.queue("small", { maxMessageSize: 1024 });
    const MessageAttributes = { n: { DataType: "String", StringValue: "12345" } };
    const input = { QueueUrl: urlOf("small"), MessageAttributes };
    await sqs.send("x".repeat(1024 - 1 - 6 - 5), input);
    await assert.rejects(
      sqs.send("x".repeat(1024 - 1 - 6 - 5 + 1), input),
      refusal("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."),
    );
  });

  for (const [what, body, input, code, message] of [
    ["an empty body", "", {}, "MissingParameter", "The request must contain the parameter MessageBody."],
    ["a control character", "a\u0000", {}, "InvalidMessageContents", /^Invalid characters found/],
    [
      "an attribute that is no number",
      "a",
      { MessageAttributes: { n: { DataType: "Number", StringValue: "many" } } },
      "InvalidParameterValue",
      "Can't cast the value of message (user) attribute 'n' to a number.",
    ],
    [
      "an attribute of another type",
      "a",
      { MessageAttributes: { n: { DataType: "Date", StringValue: "now" } } },
      "InvalidParameterValue",
      "The message attribute 'n' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
    ],
    [
      "a deduplication id, for a standard queue",
      "a",
      { MessageDeduplicationId: "d" },
      "InvalidParameterValue",
      "Value d for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.",
    ],
  ] as const) {
    it(`are refused with ${what}`, async () => {
      await assert.rejects(sqs.send(body, input), refusal(code, message));
      assert.deepEqual(await sqs.depth(), ["0", "0", "0"]);
    });
  }

  for (const [input, message] of [
    [
      { MaxNumberOfMessages: 11 },
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    ],
    [{ WaitTimeSeconds: 21 }, "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided."],
  ] as const) {
    it(`are not received with ${JSON.stringify(input)}`, async () => {
      await assert.rejects(sqs.receive(input), refusal("InvalidParameterValue", message));
    });
  }

  it("go when the queue is purged, once a minute", async () => {
    await sqs.send("a");
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl }));
    assert.deepEqual(await sqs.depth(), ["0", "0", "0"]);
    await assert.rejects(
      sqs.client.send(new PurgeQueueCommand({ QueueUrl })),
      refusal("PurgeQueueInProgress", "Only one PurgeQueue operation on jobs is allowed every 60 seconds."),
    );
    seconds(60);
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl }));
  });
});
