import assert from "node:assert/strict";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { text } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { refusal } from "../../support/refusal.ts";
import { arnOf, SqsFixture, type, urlOf } from "./support.ts";

describe("access to queues of SQS", () => {
  const QueueUrl = urlOf("jobs");
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
  });
  afterEach(() => sqs.end());

  const role = async (name: string, ...statements: object[]): Promise<SQSClient> =>
    new SQSClient(await sqs.api.roleWith(name, ...statements));
  const send = (client: SQSClient): Promise<unknown> => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
  const receive = (client: SQSClient): Promise<unknown> => client.send(new ReceiveMessageCommand({ QueueUrl }));
  const denied = (name: string, action: string, why: string, resource = arnOf("jobs")) =>
    refusal(
      "AccessDenied",
      `User: arn:aws:sts::123456789012:assumed-role/${name}/${name} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
    );

  it("is what a role's policies give, action by action", async () => {
    await sqs.queue();
    const sender = await role("app", { Action: "sqs:SendMessage", Resource: arnOf("jobs") });
    await send(sender);
    await assert.rejects(
      receive(sender),
      denied("app", "sqs:receivemessage", "because no identity-based policy allows the sqs:receivemessage action"),
    );
  });

  it("is given and taken by the queue's own policy, too", async () => {
    const { id: queueUrl } = await sqs.queue();
    const [sender, worker] = [await role("app", { Action: "sqs:*", Resource: "*" }), await role("other")];
    const principal = (name: string) => ({ AWS: `arn:aws:iam::123456789012:role/${name}` });
    const policy = policyOf(
      { Sid: "in", Action: "sqs:ReceiveMessage", Principal: principal("other"), Resource: arnOf("jobs") },
      { Sid: "out", Effect: "Deny", Action: "sqs:SendMessage", Principal: principal("app"), Resource: arnOf("jobs") },
    );
    await sqs.api.stack.create(type.policy, "policy", { queueUrl, policy });
    await receive(worker);
    await assert.rejects(send(sender), denied("app", "sqs:sendmessage", "with an explicit deny in a resource-based policy"));
  });

  it("wants the key of an encrypted queue as well", async () => {
    const root = { Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Resource: "*" };
    const key = await sqs.api.stack.create("aws:kms/key:Key", "key", { policy: policyOf(root) });
    const keyArn = text(key.outputs, "arn");
    await sqs.queue("jobs", { kmsMasterKeyId: keyArn });
    const onQueue = { Action: "sqs:*", Resource: arnOf("jobs") };
    await assert.rejects(
      send(await role("app", onQueue)),
      denied("app", "kms:GenerateDataKey", "because no identity-based policy allows the kms:GenerateDataKey action", keyArn),
    );
    const Condition = { StringEquals: { "kms:ViaService": "sqs.eu-central-1.amazonaws.com" } };
    const whole = await role("worker", onQueue, { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: keyArn, Condition });
    await send(whole);
    await receive(whole);
    await sqs.api.stack.update(key, "key", { policy: policyOf(root), isEnabled: false });
    await assert.rejects(send(whole), refusal("KmsDisabled", `${keyArn} is disabled.`));
  });
});
