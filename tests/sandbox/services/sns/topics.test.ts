import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { publish } from "../../../../sandbox/src/services/sns/publish.ts";
import { confirm } from "../../../../sandbox/src/services/sns/subscriptions.ts";
import { defaultPolicy } from "../../../../sandbox/src/services/sns/topics.ts";
import { policyOf } from "../../support/api.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { SnsFixture, TOPIC, type } from "./support.ts";

describe("topics of the sandbox", () => {
  let sns: SnsFixture;
  beforeEach(() => (sns = new SnsFixture()));
  afterEach(() => sns.cloud.end());

  it("have what the provider computes", async () => {
    const { id, outputs } = await sns.topic({ displayName: "Alerts" });
    assert.equal(id, TOPIC);
    assert.deepEqual(
      { ...outputs },
      {
        name: "alerts",
        displayName: "Alerts",
        fifoTopic: false,
        contentBasedDeduplication: false,
        arn: TOPIC,
        owner: "123456789012",
        policy: defaultPolicy(TOPIC, "123456789012"),
        beginningArchiveTime: "",
      },
    );
  });

  it("have a name that is the account's only one in a region", async () => {
    await sns.topic();
    await refused(
      sns.topic(),
      "InvalidParameter",
      `Invalid parameter: Attributes Reason: Topic ${TOPIC} already exists with different attributes`,
    );
  });

  it("can have a name made for them, and another one for what replaces them", async () => {
    const make = () => sns.make(type.topic, "alerts", { namePrefix: "alerts-" });
    const first = await make();
    sns.cloud.pass(1);
    const second = await make();
    assert.match(text(first.outputs, "name"), /^alerts-[0-9a-f]{26}$/);
    assert.notEqual(first.id, second.id);
  });

  for (const [inputs, fault] of [
    [{ name: "a b" }, 'name: "a b" is not a topic name: 1 to 256 letters, digits, hyphens and underscores'],
    [{ name: "alerts.fifo" }, 'name: "alerts.fifo" is not a topic name: 1 to 256 letters, digits, hyphens and underscores'],
    [{ name: "x".repeat(257) }, /^name: "x+" is not a topic name/],
    [{ namePrefix: "a b" }, 'namePrefix: "a b" is not the beginning of a topic name'],
    [{ fifoTopic: true, name: "alerts.fifo" }, "fifoTopic: the sandbox does not serve FIFO topics"],
    [{ displayName: "x".repeat(101) }, /^displayName: "x+" has the wrong length; allowed: 0 to 100 characters$/],
    [{ signatureVersion: 3 }, "signatureVersion: 3 is not one of the allowed values: 1, 2"],
    [{ deliveryPolicy: "{" }, /^deliveryPolicy: contains an invalid JSON: /],
    [{ archivePolicy: "{}" }, "archivePolicy: the sandbox delivers to e-mail only and does not serve this setting"],
  ] as readonly (readonly [Props, string | RegExp])[]) {
    it(`refuse ${JSON.stringify(inputs).slice(0, 50)}`, () => {
      const faults = sns.stack.faults(type.topic, "alerts", { name: "alerts", ...inputs }).join("\n");
      if (typeof fault === "string") assert.equal(faults, fault);
      else assert.match(faults, fault);
    });
  }

  it("need a key that exists", async () => {
    await refused(sns.topic({ kmsMasterKeyId: "alias/none" }), "KMSNotFound", /^Invalid parameter: KmsMasterKeyId Reason: /);
    const key = await sns.make(type.key, "key", {});
    await sns.topic({ kmsMasterKeyId: key.id });
    await sns.make(type.topic, "own", { name: "own", kmsMasterKeyId: "alias/aws/sns" });
  });

  it("are replaced where their name changes, and changed in place where their display name does", () => {
    const { changes } = sns.stack.engine.diff(type.topic, { name: "a", displayName: "A" }, { name: "b", displayName: "B" });
    assert.deepEqual(
      changes.map(({ path, replace }) => [path, replace]),
      [
        ["name", true],
        ["displayName", false],
      ],
    );
  });

  it("go with their subscriptions, the tokens for these, and their policy", async () => {
    const topic = await sns.topic();
    const subscription = await sns.subscription();
    const token = inbox(sns.cloud)[0]?.token ?? "";
    await sns.make(type.policy, "policy", { arn: TOPIC, policy: defaultPolicy(TOPIC, sns.cloud.account) });
    await sns.stack.delete(topic);
    assert.deepEqual([...sns.cloud.world.all(type.subscription), ...sns.cloud.world.all(type.policy)], []);
    assert.deepEqual(sns.cloud.world.space("sns-token").entries(), []);
    await sns.topic();
    assert.throws(() => confirm(sns.cloud, TOPIC, token), /^CloudError: Invalid parameter: Token$/);
    // The engine deletes what a program no longer has, whether it is there or not.
    await sns.stack.delete(subscription);
  });
});

describe("the policy of a topic", () => {
  let sns: SnsFixture;
  beforeEach(() => (sns = new SnsFixture()));
  afterEach(() => sns.cloud.end());

  const budgets = (more: object = {}) =>
    policyOf({ Action: "sns:Publish", Principal: { Service: "budgets.amazonaws.com" }, Resource: TOPIC, ...more });
  const speak = (service: string) => publish(sns.cloud, { topicArn: TOPIC, message: "m", service, sourceArn: "arn:aws:x:::y" });
  const lets = (service: string): boolean => {
    try {
      speak(service);
      return true;
    } catch {
      return false;
    }
  };

  it("lets the services of the account speak by default, and those it names once there is one", async () => {
    const topic = await sns.topic();
    assert.deepEqual([lets("budgets.amazonaws.com"), lets("backup.amazonaws.com")], [true, true]);
    await sns.stack.update(topic, "alerts", { name: "alerts", policy: budgets() });
    assert.deepEqual([lets("budgets.amazonaws.com"), lets("backup.amazonaws.com")], [true, false]);
    assert.throws(
      () => speak("backup.amazonaws.com"),
      new RegExp(`^CloudError: backup.amazonaws.com is not authorized to perform: SNS:Publish on resource: ${TOPIC}$`),
    );
  });

  it("given beside a topic takes the place of its own, and when it goes the own one counts again", async () => {
    await sns.topic({ policy: budgets({ Principal: { Service: "backup.amazonaws.com" } }) });
    const beside = await sns.make(type.policy, "policy", { arn: TOPIC, policy: budgets() });
    assert.deepEqual([beside.id, beside.outputs["owner"]], [TOPIC, "123456789012"]);
    assert.deepEqual([lets("budgets.amazonaws.com"), lets("backup.amazonaws.com")], [true, false]);
    await sns.stack.delete(beside);
    assert.deepEqual([lets("budgets.amazonaws.com"), lets("backup.amazonaws.com")], [false, true]);
  });

  it("can forbid what it allows elsewhere", async () => {
    const statements = [
      { Sid: "all", Action: "sns:Publish", Principal: "*", Resource: TOPIC },
      { Sid: "not", Effect: "Deny", Action: "sns:Publish", Principal: { Service: "backup.amazonaws.com" }, Resource: TOPIC },
    ];
    await sns.topic({ policy: policyOf(...statements) });
    assert.deepEqual([lets("budgets.amazonaws.com"), lets("backup.amazonaws.com")], [true, false]);
  });

  for (const [what, policy, message] of [
    ["no JSON", "{", /^This policy contains invalid Json: /],
    [
      "an action of no topic",
      policyOf({ Action: "sns:ListTopics", Principal: "*", Resource: TOPIC }),
      "Invalid parameter: Policy statement action out of service scope!",
    ],
    [
      "every action",
      policyOf({ Action: "sns:*", Principal: "*", Resource: TOPIC }),
      "Invalid parameter: Policy statement action out of service scope!",
    ],
    [
      "another topic",
      policyOf({ Action: "sns:Publish", Principal: "*", Resource: `${TOPIC}-2` }),
      `Invalid parameter: Policy statement resource ${TOPIC}-2 is not the topic ${TOPIC}`,
    ],
    ["nobody", policyOf({ Action: "sns:Publish", Resource: TOPIC }), /Missing required field Principal/],
  ] as const) {
    it(`is refused for ${what}, with a topic, beside it and in a change`, async () => {
      await refused(sns.topic({ policy }), "InvalidParameter", message);
      const topic = await sns.topic();
      await refused(sns.make(type.policy, "policy", { arn: TOPIC, policy }), "InvalidParameter", message);
      await refused(sns.stack.update(topic, "alerts", { name: "alerts", policy }), "InvalidParameter", message);
      const beside = await sns.make(type.policy, "policy", { arn: TOPIC, policy: budgets() });
      await refused(sns.stack.update(beside, "policy", { arn: TOPIC, policy }), "InvalidParameter", message);
      assert.equal(lets("budgets.amazonaws.com"), true);
    });
  }

  it("needs its topic", async () => {
    await refused(sns.make(type.policy, "policy", { arn: TOPIC, policy: budgets() }), "NotFound", "Topic does not exist");
  });
});

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
    [{ protocol: "sqs", endpoint: "arn:aws:sqs:::q" }, "endpoint: the sandbox delivers by email and email-json only, not by sqs"],
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
