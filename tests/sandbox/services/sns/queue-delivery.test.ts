import assert from "node:assert/strict";
import { PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { snsApi } from "../../../../sandbox/src/services/sns/api.ts";
import { snsDefinitions } from "../../../../sandbox/src/services/sns/index.ts";
import { sqsOperations } from "../../../../sandbox/src/services/sqs/api.ts";
import { sqsDefinitions } from "../../../../sandbox/src/services/sqs/index.ts";
import { closeMessaging } from "../../../../sandbox/src/services/sqs/messaging.ts";
import { apiCloud, type ApiCloud, policyOf } from "../../support/api.ts";
import { TOPIC, type } from "./support.ts";

describe("topics that deliver to queues", () => {
  const QUEUE = "arn:aws:sqs:eu-central-1:123456789012:jobs";
  const letIn = {
    Action: "sqs:SendMessage",
    Principal: { Service: "sns.amazonaws.com" },
    Resource: QUEUE,
    Condition: { ArnEquals: { "aws:SourceArn": TOPIC } },
  };
  let api: ApiCloud;
  let sns: SNSClient;
  let sqs: SQSClient;
  beforeEach(async () => {
    const services = { json: { sqs: sqsOperations }, query: { sns: snsApi }, rest: {} };
    api = await apiCloud(services, { definitions: [...snsDefinitions, ...sqsDefinitions] });
    [sns, sqs] = [new SNSClient(api.operator), new SQSClient(api.operator)];
    await api.stack.create(type.topic, "alerts", { name: "alerts" });
  });
  afterEach(async () => {
    closeMessaging(api.cloud);
    await api.end();
  });

  const queue = (inputs: Props = {}): Promise<unknown> =>
    api.stack.create("aws:sqs/queue:Queue", "jobs", { name: "jobs", policy: policyOf(letIn), ...inputs });
  const subscription = (inputs: Props = {}) =>
    api.stack.create(type.subscription, "jobs", { topic: TOPIC, protocol: "sqs", endpoint: QUEUE, ...inputs });
  const publish = (): Promise<unknown> =>
    sns.send(
      new PublishCommand({
        TopicArn: TOPIC,
        Subject: "news",
        Message: "hello",
        MessageAttributes: { kind: { DataType: "String", StringValue: "test" } },
      }),
    );
  const received = async (): Promise<Message[]> => {
    const QueueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/jobs";
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] });
    return (await sqs.send(command)).Messages ?? [];
  };

  it("wrap the message up, with where it is from", async () => {
    await queue();
    const { outputs } = await subscription();
    assert.equal(outputs["pendingConfirmation"], false);
    await publish();
    const [message] = await received();
    const { MessageId, Timestamp, ...envelope } = JSON.parse(message?.Body ?? "{}") as Record<string, unknown>;
    assert.match(String(MessageId), /^[0-9a-f-]{36}$/);
    assert.match(String(Timestamp), /^\d{4}-\d\d-\d\dT/);
    assert.deepEqual(envelope, {
      Type: "Notification",
      TopicArn: TOPIC,
      Subject: "news",
      Message: "hello",
      MessageAttributes: { kind: { Type: "String", Value: "test" } },
    });
  });

  it("send it as it is, with its attributes, where raw delivery is asked for", async () => {
    await queue();
    const Attributes = { RawMessageDelivery: "true" };
    await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE, Attributes }));
    await publish();
    const [message] = await received();
    assert.deepEqual(
      [message?.Body, message?.MessageAttributes],
      ["hello", { kind: { DataType: "String", StringValue: "test" } }],
    );
  });

  it("deliver only what the queue's policy lets in, and say what it does not", async () => {
    await queue({ policy: policyOf({ ...letIn, Condition: { ArnEquals: { "aws:SourceArn": `${TOPIC}-other` } } }) });
    await subscription();
    await publish();
    assert.deepEqual(await received(), []);
    assert.deepEqual(api.cloud.notes, [
      `The topic ${TOPIC} could not deliver a message: the policy of the queue ${QUEUE} does not let sns.amazonaws.com send to it for ${TOPIC}.`,
    ]);
  });

  it("deliver to an encrypted queue only where its key lets SNS", async () => {
    const statement = { Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Resource: "*" };
    const key = await api.stack.create(type.key, "key", { policy: policyOf(statement) });
    await queue({ kmsMasterKeyId: text(key.outputs, "arn") });
    await subscription();
    await publish();
    assert.deepEqual(await received(), []);
    assert.match(api.cloud.notes[0] ?? "", /does not let sns\.amazonaws\.com use it\.$/);
    const forSns = {
      Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
      Principal: { Service: "sns.amazonaws.com" },
      Resource: "*",
    };
    await api.stack.update(key, "key", { policy: policyOf(statement, forSns) });
    await publish();
    assert.equal((await received()).length, 1);
  });

  it("say so when the queue is gone", async () => {
    await subscription();
    await publish();
    assert.deepEqual(api.cloud.notes, [`The topic ${TOPIC} could not deliver a message: the queue ${QUEUE} does not exist.`]);
  });
});
