import assert from "node:assert/strict";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { publish } from "../../../../sandbox/src/services/sns/publish.ts";
import { confirm } from "../../../../sandbox/src/services/sns/subscriptions.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { SnsFixture, TOPIC, type } from "./support.ts";

describe("subscriptions of the sandbox", () => {
  let sns: SnsFixture;
  beforeEach(async () => {
    sns = new SnsFixture();
    await sns.topic();
  });
  afterEach(() => sns.cloud.end());

  const tell = (message = "hello") => publish(sns.cloud, { topicArn: TOPIC, message });
  const pendingIn = async (id: string) =>
    (await sns.stack.engine.read(type.subscription, id, REGION))?.outputs["pendingConfirmation"];

  it("wait for consent, which the mail in the inbox asks for", async () => {
    const { id, outputs } = await sns.subscription();
    assert.match(id, new RegExp(`^${TOPIC}:[0-9a-f-]{36}$`));
    assert.deepEqual(
      [outputs["pendingConfirmation"], outputs["ownerId"], outputs["confirmationWasAuthenticated"]],
      [true, "123456789012", false],
    );
    const [mail, ...others] = inbox(sns.cloud);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [mail?.to, mail?.subject, mail?.kind, mail?.delivered],
      ["ops@example.com", "AWS Notification - Subscription Confirmation", "confirmation", true],
    );
    assert.match(mail?.message ?? "", new RegExp(`call ConfirmSubscription with this token: ${mail?.token ?? "none"}\\n`));
    tell("before");
    confirm(sns.cloud, TOPIC, mail?.token ?? "");
    tell("after");
    assert.equal(await pendingIn(id), false);
    assert.deepEqual(
      sns.mails("notification").map(({ delivered, message }) => [message, delivered]),
      [
        ["before", false],
        ["after", true],
      ],
    );
  });

  it("are not confirmed by a token of another topic, of none, or of a subscription that is gone", async () => {
    const made = await sns.subscription();
    const token = inbox(sns.cloud)[0]?.token ?? "";
    await sns.make(type.topic, "other", { name: "other" });
    for (const [topicArn, given] of [
      [`${TOPIC.slice(0, -6)}other`, token],
      [TOPIC, "guessed"],
    ] as const)
      assert.throws(() => confirm(sns.cloud, topicArn, given), /^CloudError: Invalid parameter: Token$/);
    assert.equal(await pendingIn(made.id), true);
    await sns.stack.delete(made);
    assert.throws(() => confirm(sns.cloud, TOPIC, token), /^CloudError: Invalid parameter: Token$/);
    assert.throws(() => confirm(sns.cloud, `${TOPIC}-gone`, token), /^CloudError: Topic does not exist$/);
  });

  it("mail an address once for what is published, however many subscriptions it has", async () => {
    await sns.subscription();
    await sns.make(type.subscription, "again", { topic: TOPIC, protocol: "email", endpoint: "ops@example.com" });
    await sns.make(type.subscription, "as-json", { topic: TOPIC, protocol: "email-json", endpoint: "ops@example.com" });
    await sns.subscription("dev@example.com");
    assert.equal(sns.mails("confirmation").length, 4);
    confirm(sns.cloud, TOPIC, sns.mails("confirmation")[1]?.token ?? "");
    tell();
    assert.deepEqual(
      sns.mails("notification").map(({ delivered, message, to }) => [to, message.startsWith("{"), delivered]),
      [
        ["ops@example.com", false, true],
        ["ops@example.com", true, false],
        ["dev@example.com", false, false],
      ],
    );
  });

  it("of an address that has consented need no other consent", async () => {
    await sns.subscription();
    confirm(sns.cloud, TOPIC, sns.mails("confirmation")[0]?.token ?? "");
    const again = await sns.make(type.subscription, "again", { topic: TOPIC, protocol: "email", endpoint: "ops@example.com" });
    assert.deepEqual([again.outputs["pendingConfirmation"], sns.mails("confirmation").length], [false, 1]);
  });

  it("get nothing any more once they are deleted", async () => {
    await sns.stack.delete(await sns.subscription());
    tell();
    assert.deepEqual(sns.mails("notification"), []);
  });

  it("need their topic", async () => {
    await refused(sns.subscription("a@b.c", { topic: `${TOPIC}-gone` }), "NotFound", "Topic does not exist");
  });

  it("are replaced where anything of them changes that SNS cannot change", () => {
    const before = { topic: TOPIC, protocol: "email", endpoint: "a@b.c" };
    const replaced = ["topic", "protocol", "endpoint"].map((name) => {
      const { changes } = sns.stack.engine.diff(type.subscription, before, { ...before, [name]: "other" });
      return changes.map(({ path, replace }) => [path, replace]);
    });
    assert.deepEqual(replaced, [[["topic", true]], [["protocol", true]], [["endpoint", true]]]);
  });

  for (const [inputs, fault] of [
    [{ protocol: "pigeon" }, "endpoint: Invalid parameter: Does not support this protocol string: pigeon"],
    [{ protocol: "sms" }, "endpoint: the sandbox delivers by email and email-json and sqs only, not by sms"],
    [{ protocol: "sqs", endpoint: "arn:aws:sqs:::q" }, 'endpoint: Invalid parameter: SQS endpoint ARN: "arn:aws:sqs:::q"'],
    [
      { protocol: "sqs", endpoint: "arn:aws:sqs:eu-central-1:123456789012:q.fifo" },
      "endpoint: Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics",
    ],
    [{ endpoint: "ops" }, 'endpoint: Invalid parameter: Email address: "ops"'],
    [
      { rawMessageDelivery: true },
      "rawMessageDelivery: raw message delivery is for http, https, sqs and firehose, not for e-mail",
    ],
    [{ filterPolicy: '{"a":["b"]}' }, "filterPolicy: the sandbox does not serve filter policies"],
    [{ redrivePolicy: "{}" }, "redrivePolicy: the sandbox does not serve redrive policies"],
    [
      { filterPolicyScope: "Nothing" },
      'filterPolicyScope: "Nothing" is not one of the allowed values: MessageAttributes, MessageBody',
    ],
  ] as const) {
    it(`refuse ${JSON.stringify(inputs)}`, () => {
      const faults = sns.stack.faults(type.subscription, "s", {
        topic: TOPIC,
        protocol: "email",
        endpoint: "ops@example.com",
        ...inputs,
      });
      assert.deepEqual(faults, [fault]);
    });
  }
});

describe("the inbox of the sandbox", () => {
  it("keeps the last 500 mails, numbered on", async () => {
    const sns = new SnsFixture();
    await sns.topic();
    await sns.subscription();
    sns.cloud.world.change(() => {
      for (let index = 1; index <= 502; index++) publish(sns.cloud, { topicArn: TOPIC, message: String(index) });
    });
    const mails = inbox(sns.cloud);
    assert.deepEqual([mails.length, mails[0]?.message, mails.at(-1)?.message, mails.at(-1)?.id], [500, "3", "502", 503]);
    await sns.cloud.end();
  });

  it("holds all mails of a message or none", async () => {
    const sns = new SnsFixture();
    await sns.topic();
    await sns.subscription();
    await sns.subscription("dev@example.com");
    const { cloud } = sns;
    let calls = 0;
    // A clock that fails stands for a process that ends between the two mails.
    const now = (): number => {
      if (++calls > 1) throw new Error("out of time");
      return cloud.now();
    };
    assert.throws(() => publish({ ...cloud, now }, { topicArn: TOPIC, message: "m" }), /out of time/);
    assert.deepEqual(sns.mails("notification"), []);
    await cloud.end();
  });
});
