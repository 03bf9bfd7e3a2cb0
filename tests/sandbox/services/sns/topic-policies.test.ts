import assert from "node:assert/strict";
import { publish } from "../../../../sandbox/src/services/sns/publish.ts";
import { policyOf } from "../../support/api.ts";
import { refused } from "../../support/refused.ts";
import { SnsFixture, TOPIC, type } from "./support.ts";

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
