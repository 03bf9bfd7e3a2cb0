import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { inbox } from "../../../../sandbox/src/services/sns/inbox.ts";
import { confirm } from "../../../../sandbox/src/services/sns/subscriptions.ts";
import { defaultPolicy } from "../../../../sandbox/src/services/sns/topics.ts";
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
    [{ archivePolicy: "{}" }, "archivePolicy: the sandbox delivers to e-mail and queues only and does not serve this setting"],
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
