import assert from "node:assert/strict";
import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { resumeMoves } from "../../../../sandbox/src/services/sqs/moves.ts";
import { refusal } from "../../support/refusal.ts";
import { arnOf, SqsFixture, urlOf } from "./support.ts";

describe("dead-letter queues of SQS", () => {
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
  });
  afterEach(() => sqs.end());

  /** Receives what is in the queue without waiting for it to come again. */
  const fail = (): Promise<string[]> => sqs.bodies({ VisibilityTimeout: 0 });
  const redrive = (input: object = {}): Promise<unknown> =>
    sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf("failed"), ...input }));
  const tasks = async (): Promise<ListMessageMoveTasksResultEntry[]> =>
    (await sqs.client.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf("failed"), MaxResults: 10 }))).Results ?? [];
  const finished = async (): Promise<ListMessageMoveTasksResultEntry | undefined> => {
    for (;;) {
      const [task] = await tasks();
      if (task?.Status !== "RUNNING") return task;
    }
  };

  it("get a message once it was received as often as its queue allows, with its history", async () => {
    await sqs.queueWithDeadLetters(2);
    const { MessageId } = await sqs.send("poison");
    assert.deepEqual([await fail(), await fail(), await fail()], [["poison"], ["poison"], []]);
    assert.deepEqual(
      [await sqs.depth("jobs"), await sqs.depth("failed")],
      [
        ["0", "0", "0"],
        ["1", "0", "0"],
      ],
    );
    const [dead] = await sqs.receive({ QueueUrl: urlOf("failed"), MessageSystemAttributeNames: ["All"] });
    const { ApproximateReceiveCount, DeadLetterQueueSourceArn } = dead?.Attributes ?? {};
    assert.deepEqual([dead?.MessageId, ApproximateReceiveCount, DeadLetterQueueSourceArn], [MessageId, "3", arnOf("jobs")]);
  });

  it("let what stands behind the failed message be received in the same call", async () => {
    await sqs.queueWithDeadLetters(1);
    await sqs.send("poison");
    assert.deepEqual(await fail(), ["poison"]);
    await sqs.send("good");
    assert.deepEqual(await sqs.bodies({ MaxNumberOfMessages: 1 }), ["good"]);
  });

  it("keep a standard queue's message until its own time is over, counted from when it was sent", async () => {
    await sqs.queueWithDeadLetters(1, { messageRetentionSeconds: 300 });
    await sqs.send("poison");
    sqs.pass(250);
    await fail();
    await fail();
    assert.deepEqual(await sqs.depth("failed"), ["1", "0", "0"]);
    sqs.pass(60);
    assert.deepEqual(await sqs.depth("failed"), ["0", "0", "0"]);
  });

  it("take nothing once they are deleted: the message stays where it is", async () => {
    await sqs.queueWithDeadLetters(1);
    const failed = sqs.api.cloud.world.get("aws:sqs/queue:Queue", urlOf("failed"));
    assert.ok(failed);
    await sqs.api.stack.delete(failed);
    await sqs.send("poison");
    assert.deepEqual([await fail(), await fail()], [["poison"], ["poison"]]);
  });

  it("give back to where it came from what failed, as new messages", async () => {
    await sqs.queueWithDeadLetters(1);
    const { MessageId } = await sqs.send("poison");
    await fail();
    await fail();
    await redrive();
    const task = await finished();
    assert.deepEqual(
      [task?.Status, task?.ApproximateNumberOfMessagesMoved, task?.ApproximateNumberOfMessagesToMove, task?.TaskHandle],
      ["COMPLETED", 1, 1, undefined],
    );
    const [again] = await sqs.receive({ MessageSystemAttributeNames: ["All"] });
    assert.equal(again?.Body, "poison");
    assert.notEqual(again.MessageId, MessageId);
    assert.equal(again.Attributes?.ApproximateReceiveCount, "1");
  });

  it("give to another queue where one is named", async () => {
    await sqs.queueWithDeadLetters(1);
    await sqs.queue("repair");
    await sqs.send("never received", { QueueUrl: urlOf("failed") });
    await redrive({ DestinationArn: arnOf("repair") });
    assert.equal((await finished())?.Status, "COMPLETED");
    assert.deepEqual(await sqs.bodies({ QueueUrl: urlOf("repair") }), ["never received"]);
  });

  it("say so when they do not know where a message came from", async () => {
    await sqs.queueWithDeadLetters(1);
    await sqs.send("sent by hand", { QueueUrl: urlOf("failed") });
    await redrive();
    const task = await finished();
    assert.deepEqual([task?.Status, task?.FailureReason], ["FAILED", "CouldNotDetermineMessageSource"]);
    assert.deepEqual(await sqs.depth("failed"), ["1", "0", "0"]);
  });

  it("go on with a redrive when the daemon is started again", async () => {
    await sqs.queueWithDeadLetters(1);
    await sqs.queue("repair");
    for (const body of ["a", "b"]) await sqs.send(body, { QueueUrl: urlOf("failed") });
    await redrive({ DestinationArn: arnOf("repair"), MaxNumberOfMessagesPerSecond: 1 });
    const { home } = sqs.api.cloud;
    await sqs.close();
    sqs = await SqsFixture.start(home);
    assert.equal((await tasks())[0]?.Status, "RUNNING");
    resumeMoves(sqs.api.cloud);
    assert.equal((await finished())?.Status, "COMPLETED");
    assert.deepEqual(await sqs.depth("repair"), ["2", "0", "0"]);
  });

  it("stop a redrive that is cancelled, and begin one at a time", async () => {
    await sqs.queueWithDeadLetters(1);
    await sqs.queue("repair");
    for (let index = 0; index < 9; index++) await sqs.send("a", { QueueUrl: urlOf("failed") });
    await redrive({ DestinationArn: arnOf("repair"), MaxNumberOfMessagesPerSecond: 1 });
    await assert.rejects(
      redrive(),
      refusal(
        "InvalidParameterValue",
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      ),
    );
    const [task] = await tasks();
    await sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle: task?.TaskHandle }));
    assert.equal((await tasks())[0]?.Status, "CANCELLED");
    await assert.rejects(
      sqs.client.send(new CancelMessageMoveTaskCommand({ TaskHandle: task?.TaskHandle })),
      refusal("InvalidParameterValue", "Only active tasks can be cancelled."),
    );
  });

  for (const [input, code, message] of [
    [{ SourceArn: arnOf("jobs") }, "InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue."],
    [
      { SourceArn: arnOf("gone") },
      "ResourceNotFoundException",
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    ],
    [
      { DestinationArn: arnOf("gone") },
      "ResourceNotFoundException",
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
    ],
    [{ DestinationArn: arnOf("failed") }, "InvalidParameterValue", "Source queue and destination queue must be different."],
    [
      { MaxNumberOfMessagesPerSecond: 501 },
      "InvalidParameterValue",
      "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be between 1 and 500, if provided.",
    ],
  ] as const) {
    it(`do not begin a redrive with ${JSON.stringify(input)}`, async () => {
      await sqs.queueWithDeadLetters(1);
      await assert.rejects(redrive(input), refusal(code, message));
    });
  }
});
