import assert from "node:assert/strict";
import {
  ConfirmSubscriptionCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { text } from "../../../../sandbox/src/core/values.ts";
import { confirm } from "../../../../sandbox/src/services/sns/subscriptions.ts";
import { policyOf } from "../../support/api.ts";
import { refusal } from "../../support/refusal.ts";
import { snsCloud, TOPIC, type } from "./support.ts";

describe("the API of SNS", () => {
  let api: Awaited<ReturnType<typeof snsCloud>>;
  beforeEach(async () => {
    api = await snsCloud();
  });
  afterEach(() => api.end());

  const publish = (input: Partial<PublishCommandInput> = {}, client = api.sns) =>
    client.send(new PublishCommand({ TopicArn: TOPIC, Message: "hello", ...input }));
  const subscribe = (input: object = {}, client = api.sns) =>
    client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "email", Endpoint: "ops@example.com", ...input }));
  const token = (index = 0): string => api.fixture.mails("confirmation").at(index)?.token ?? "";
  const published = () => api.fixture.mails("notification").map(({ message, subject, to }) => [to, subject, message]);

  it("publishes to who has subscribed and consented", async () => {
    assert.equal((await subscribe()).SubscriptionArn, "pending confirmation");
    const { SubscriptionArn } = await api.sns.send(new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token: token() }));
    assert.match(SubscriptionArn ?? "", new RegExp(`^${TOPIC}:[0-9a-f-]{36}$`));
    const { MessageId } = await publish({ Subject: "News" });
    assert.match(MessageId ?? "", /^[0-9a-f-]{36}$/);
    await publish({ TopicArn: undefined, TargetArn: TOPIC, Message: "Grüße <&> 🚀" });
    assert.deepEqual(published(), [
      ["ops@example.com", "News", "hello"],
      ["ops@example.com", "AWS Notification Message", "Grüße <&> 🚀"],
    ]);
    assert.deepEqual(
      api.fixture.mails("notification").map(({ delivered }) => delivered),
      [true, true],
    );
  });

  it("gives each protocol its own message where there is one", async () => {
    await subscribe();
    await subscribe({ Protocol: "email-json" });
    const messages = { default: "for all", email: "for people" };
    const { MessageId } = await publish({ MessageStructure: "json", Message: JSON.stringify(messages), Subject: "News" });
    const [plain, json] = api.fixture.mails("notification");
    assert.equal(plain?.message, "for people");
    const { Timestamp, ...rest } = JSON.parse(json?.message ?? "") as { Timestamp: string };
    assert.ok(!Number.isNaN(Date.parse(Timestamp)));
    assert.deepEqual(rest, { Type: "Notification", MessageId, TopicArn: TOPIC, Subject: "News", Message: "for all" });
  });

  for (const [input, name, message] of [
    [{ Message: "" }, "InvalidParameterException", "Invalid parameter: Empty message"],
    [{ Message: "x".repeat(262_145) }, "InvalidParameterException", "Invalid parameter: Message too long"],
    [{ Message: "ü".repeat(131_073) }, "InvalidParameterException", "Invalid parameter: Message too long"],
    [{ Subject: "x".repeat(101) }, "InvalidParameterException", "Invalid parameter: Subject"],
    [{ Subject: "Größe" }, "InvalidParameterException", "Invalid parameter: Subject"],
    [{ Subject: " indented" }, "InvalidParameterException", "Invalid parameter: Subject"],
    [{ Subject: "two\nlines" }, "InvalidParameterException", "Invalid parameter: Subject"],
    [{ TopicArn: "alerts" }, "InvalidParameterException", "Invalid parameter: TopicArn"],
    [{ TopicArn: `${TOPIC}-gone` }, "NotFoundException", "Topic does not exist"],
    [
      { TopicArn: undefined, PhoneNumber: "+491234" },
      "InvalidParameterException",
      "the sandbox delivers by email and to queues, not by sms",
    ],
    [
      { MessageStructure: "json", Message: "{" },
      "InvalidParameterException",
      "Invalid parameter: Message Structure - JSON message body failed to parse",
    ],
    [
      { MessageStructure: "json", Message: '["default"]' },
      "InvalidParameterException",
      "Invalid parameter: Message Structure - JSON message body failed to parse",
    ],
    [
      { MessageStructure: "json", Message: '{"email":"only"}' },
      "InvalidParameterException",
      "Invalid parameter: Message Structure - No default entry in JSON message body",
    ],
  ] as const) {
    it(`refuses to publish ${JSON.stringify(input).slice(0, 60)}: ${message}`, async () => {
      await subscribe();
      await assert.rejects(publish(input), refusal(name, message));
      assert.deepEqual(published(), []);
    });
  }

  it("publishes the longest message and subject that there are", async () => {
    await subscribe();
    await publish({ Message: "x".repeat(262_144), Subject: "s".repeat(100) });
    assert.equal(api.fixture.mails("notification")[0]?.message.length, 262_144);
  });

  it("does not subscribe an address twice, but asks it again while it has not answered", async () => {
    const first = await subscribe({ ReturnSubscriptionArn: true });
    const second = await subscribe({ ReturnSubscriptionArn: true });
    assert.equal(second.SubscriptionArn, first.SubscriptionArn);
    assert.equal(api.fixture.mails("confirmation").length, 2);
    // Either mail's token will do.
    await api.sns.send(new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token: token(0) }));
    await api.sns.send(new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token: token(1) }));
    assert.equal((await subscribe()).SubscriptionArn, first.SubscriptionArn);
    assert.equal(api.fixture.mails("confirmation").length, 2);
    assert.equal(api.cloud.world.all(type.subscription).length, 1);
  });

  it("does not subscribe an address twice that a program has declared", async () => {
    const declared = await api.fixture.subscription();
    assert.equal((await subscribe({ ReturnSubscriptionArn: true })).SubscriptionArn, declared.id);
  });

  for (const [input, message] of [
    [{ Protocol: "sms", Endpoint: "+49" }, "the sandbox delivers by email and email-json and sqs only, not by sms"],
    [{ Endpoint: "ops" }, 'Invalid parameter: Email address: "ops"'],
    [
      { Attributes: { FilterPolicy: "{}" } },
      "Invalid parameter: Attributes Reason: the sandbox does not serve the attribute FilterPolicy of subscriptions, but RawMessageDelivery",
    ],
  ] as const) {
    it(`refuses to subscribe ${JSON.stringify(input)}`, async () => {
      await assert.rejects(subscribe(input), refusal("InvalidParameterException", message));
      assert.deepEqual(api.cloud.world.all(type.subscription), []);
    });
  }

  it("refuses a token that it never sent", async () => {
    const call = api.sns.send(new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token: "guessed" }));
    await assert.rejects(call, refusal("InvalidParameterException", "Invalid parameter: Token"));
  });

  it("unsubscribes, once or twice, and refuses what is no subscription", async () => {
    const { SubscriptionArn } = await subscribe({ ReturnSubscriptionArn: true });
    for (let time = 0; time < 2; time++) await api.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await publish();
    assert.deepEqual(published(), []);
    await assert.rejects(
      api.sns.send(new UnsubscribeCommand({ SubscriptionArn: "pending confirmation" })),
      refusal("InvalidParameterException", "Invalid parameter: SubscriptionArn"),
    );
  });

  it("lists topics and subscriptions, in pages of 100", async () => {
    for (let index = 0; index < 101; index++) await subscribe({ Endpoint: `u${String(index)}@example.com` });
    const first = await api.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
    const second = await api.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC, NextToken: first.NextToken }));
    assert.deepEqual([first.Subscriptions?.length, second.NextToken], [100, undefined]);
    assert.deepEqual(second.Subscriptions, [
      {
        SubscriptionArn: "PendingConfirmation",
        Owner: "123456789012",
        Protocol: "email",
        Endpoint: "u100@example.com",
        TopicArn: TOPIC,
      },
    ]);
    confirm(api.cloud, TOPIC, token(0));
    const { Subscriptions: [one] = [] } = await api.sns.send(new ListSubscriptionsCommand({}));
    assert.match(one?.SubscriptionArn ?? "", /:alerts:/);
    assert.deepEqual((await api.sns.send(new ListTopicsCommand({}))).Topics, [{ TopicArn: TOPIC }]);
    const elsewhere = new SNSClient({ ...api.operator, region: "us-east-1" });
    assert.deepEqual((await elsewhere.send(new ListTopicsCommand({}))).Topics, []);
    await assert.rejects(
      api.sns.send(new ListTopicsCommand({ NextToken: "x" })),
      refusal("InvalidParameterException", "Invalid parameter: NextToken"),
    );
  });

  it("shows a topic's attributes and counts its subscriptions", async () => {
    for (const Endpoint of ["a@example.com", "b@example.com"]) await subscribe({ Endpoint });
    confirm(api.cloud, TOPIC, token(0));
    const { Attributes = {} } = await api.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
    const { Policy = "", ...others } = Attributes;
    assert.deepEqual(others, {
      TopicArn: TOPIC,
      Owner: "123456789012",
      DisplayName: "",
      SubscriptionsConfirmed: "1",
      SubscriptionsPending: "1",
      SubscriptionsDeleted: "0",
    });
    assert.equal((JSON.parse(Policy) as { Id: string }).Id, "__default_policy_ID");
  });

  describe("asks IAM", () => {
    const role = async (name: string, ...statements: object[]): Promise<SNSClient> =>
      new SNSClient(await api.roleWith(name, ...statements));
    const denied = (action: string, resource = TOPIC, why = `no identity-based policy allows the SNS:${action} action`) =>
      refusal(
        "AuthorizationErrorException",
        `User: arn:aws:sts::123456789012:assumed-role/app/app is not authorized to perform: SNS:${action} on resource: ${resource} because ${why}`,
      );

    it("whether a role may publish: the topic's default policy alone lets none", async () => {
      await assert.rejects(publish({}, await role("app")), denied("Publish"));
      const allowed = await role("publisher", { Action: "sns:Publish", Resource: TOPIC });
      await publish({}, allowed);
    });

    it("a topic's policy, which can let a role in or keep it out", async () => {
      const publisher = await role("app", { Action: "sns:Publish", Resource: "*" });
      const stranger = await role("other");
      const principal = (name: string) => ({ AWS: `arn:aws:iam::123456789012:role/${name}` });
      const policy = policyOf(
        { Sid: "in", Action: "sns:Publish", Principal: principal("other"), Resource: TOPIC },
        { Sid: "out", Effect: "Deny", Action: "sns:Publish", Principal: principal("app"), Resource: TOPIC },
      );
      await api.fixture.make(type.policy, "policy", { arn: TOPIC, policy });
      await publish({}, stranger);
      await assert.rejects(
        publish({}, publisher),
        refusal("AuthorizationErrorException", /with an explicit deny in a resource-based policy$/),
      );
    });

    it("for the protocol and address of a subscription", async () => {
      const Condition = { StringLike: { "sns:Endpoint": "*@example.com" }, StringEquals: { "sns:Protocol": "email" } };
      const client = await role("app", { Action: "sns:Subscribe", Resource: TOPIC, Condition });
      await subscribe({}, client);
      await assert.rejects(subscribe({ Endpoint: "ops@example.org" }, client), denied("Subscribe"));
      await assert.rejects(subscribe({ Protocol: "email-json" }, client), denied("Subscribe"));
    });

    it("before it unsubscribes or lists", async () => {
      const { SubscriptionArn } = await subscribe({ ReturnSubscriptionArn: true });
      const client = await role("app", { Action: "sns:Publish", Resource: "*" });
      await assert.rejects(client.send(new UnsubscribeCommand({ SubscriptionArn })), denied("Unsubscribe"));
      const all = "arn:aws:sns:eu-central-1:123456789012:*";
      await assert.rejects(client.send(new ListTopicsCommand({})), denied("ListTopics", all));
      await assert.rejects(client.send(new ListSubscriptionsCommand({})), denied("ListSubscriptions", all));
    });

    it("for the key of an encrypted topic as well", async () => {
      const root = { Action: "kms:*", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Resource: "*" };
      const key = await api.stack.create(type.key, "key", { policy: policyOf(root) });
      const keyArn = text(key.outputs, "arn");
      const sealed = await api.fixture.make(type.topic, "sealed", { name: "sealed", kmsMasterKeyId: keyArn });
      const toTopic = { Action: "sns:Publish", Resource: sealed.id };
      await assert.rejects(
        publish({ TopicArn: sealed.id }, await role("app", toTopic)),
        refusal(
          "AuthorizationErrorException",
          new RegExp(`not authorized to perform: kms:GenerateDataKey on resource: ${keyArn}`),
        ),
      );
      const whole = await role("sealer", toTopic, { Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: keyArn });
      await publish({ TopicArn: sealed.id }, whole);
    });
  });
});
