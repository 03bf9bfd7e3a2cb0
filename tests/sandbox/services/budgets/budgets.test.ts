import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { budgetsDefinitions } from "../../../../sandbox/src/services/budgets/index.ts";
import { snsDefinitions } from "../../../../sandbox/src/services/sns/index.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const BUDGET = "aws:budgets/budget:Budget";

describe("budgets of the sandbox", () => {
  let cloud: TestCloud;
  let stack: Stack;
  let made: number;
  beforeEach(() => {
    cloud = testCloud();
    stack = new Stack(cloud, [...budgetsDefinitions, ...snsDefinitions]);
    made = 0;
  });
  afterEach(() => cloud.end());

  const asked = (more: Props = {}): Props => ({
    name: "monthly",
    budgetType: "COST",
    limitAmount: "100",
    limitUnit: "USD",
    timeUnit: "MONTHLY",
    ...more,
  });
  const make = (more: Props = {}): Promise<Resource> => stack.create(BUDGET, `r${++made}`, asked(more));
  const faults = (more: Props): string[] => stack.faults(BUDGET, "b", asked(more));
  const notification = (more: Props = {}): Props => ({
    comparisonOperator: "GREATER_THAN",
    notificationType: "ACTUAL",
    threshold: 80,
    thresholdType: "PERCENTAGE",
    subscriberEmailAddresses: ["ops@example.org"],
    ...more,
  });

  it("belong to the account, under a name that is its only one", async () => {
    const { id, outputs } = await make();
    assert.deepEqual([id, outputs["arn"]], ["123456789012:monthly", "arn:aws:budgets::123456789012:budget/monthly"]);
    await refused(make(), "DuplicateRecordException", "Error creating budget: monthly - the budget already exists.");
    await refused(
      make({ name: "other", accountId: "210987654321" }),
      "AccessDeniedException",
      "Account 123456789012 is not authorized to manage budgets of account 210987654321.",
    );
    assert.match(
      (await stack.create(BUDGET, "p", asked({ name: null, namePrefix: "team-" }))).outputs["name"] as string,
      /^team-[0-9a-f]{26}$/,
    );
  });

  for (const [timeUnit, start] of [
    ["DAILY", "2026-03-01_00:00"],
    ["MONTHLY", "2026-03-01_00:00"],
    ["QUARTERLY", "2026-01-01_00:00"],
    ["ANNUALLY", "2026-01-01_00:00"],
  ] as const) {
    it(`that are ${timeUnit} begin on ${start} when made on 1 March 2026, and have no end`, async () => {
      const { outputs } = await make({ timeUnit });
      assert.deepEqual([outputs["timePeriodStart"], outputs["timePeriodEnd"]], [start, "2087-06-15_00:00"]);
    });
  }

  it("of money count what AWS counts where nothing was said", async () => {
    const { outputs } = await make({ costTypes: { includeTax: false } });
    const costTypes = outputs["costTypes"] as Props;
    assert.deepEqual([costTypes["includeTax"], costTypes["includeSupport"], costTypes["useBlended"]], [false, true, false]);
    assert.equal((await make({ name: "hours", budgetType: "USAGE", limitUnit: "Hrs" })).outputs["costTypes"], undefined);
  });

  it("tell topics that exist", async () => {
    const topic = await stack.create("aws:sns/topic:Topic", "t", { name: "money" });
    const notifications = [notification({ subscriberEmailAddresses: [], subscriberSnsTopicArns: [topic.id] })];
    await make({ notifications });
    const missing = "arn:aws:sns:eu-central-1:123456789012:none";
    await refused(
      make({ name: "other", notifications: [notification({ subscriberSnsTopicArns: [missing] })] }),
      "InvalidParameterException",
      `The SNS topic ${missing} does not exist`,
    );
  });

  describe("refuse before anything is made", () => {
    const wrong = (more: Props): Props => ({ notifications: [notification(more)] });
    for (const [inputs, fault] of [
      [{ limitAmount: null }, "budgetType: a budget needs limitAmount, plannedLimits or autoAdjustData (given: none)"],
      [{ limitAmount: "0" }, 'limitAmount: "0" is not an amount; allowed: a number above 0, such as "100"'],
      [{ limitUnit: "EUR" }, "limitAmount: a COST budget is told in USD (given: limitUnit EUR)"],
      [{ limitUnit: null }, "limitAmount: limitAmount needs a limitUnit, such as USD"],
      [{ name: "a:b" }, 'name: "a:b" is not allowed: 1 to 100 characters, none of them : or \\'],
      [
        { timeUnit: "WEEKLY" },
        'timeUnit: "WEEKLY" is not one of the allowed values: ANNUALLY, CUSTOM, DAILY, MONTHLY, QUARTERLY',
      ],
      [
        { timePeriodStart: "2026-01-31" },
        'timePeriodStart: "2026-01-31" is not allowed: a time is written like 2026-01-31_12:00',
      ],
      [
        { timePeriodStart: "2026-03-01_00:00", timePeriodEnd: "2026-03-01_00:00" },
        "timePeriodEnd: the end 2026-03-01_00:00 does not come after the start 2026-03-01_00:00",
      ],
      [
        wrong({ comparisonOperator: "MORE_THAN" }),
        'notifications[]: comparisonOperator is "MORE_THAN"; allowed: GREATER_THAN, LESS_THAN, EQUAL_TO',
      ],
      [wrong({ threshold: -1 }), "notifications[]: threshold is -1; allowed: 0 to 40000000000"],
      [
        wrong({ subscriberEmailAddresses: [] }),
        "notifications[]: a notification needs subscriberEmailAddresses or subscriberSnsTopicArns (given: neither)",
      ],
      [wrong({ subscriberEmailAddresses: ["ops"] }), 'notifications[]: "ops" is not an email address'],
      [
        wrong({ subscriberEmailAddresses: Array.from({ length: 11 }, (_, at) => `ops${at}@example.org`) }),
        "notifications[]: a notification can have up to 10 email addresses (given: 11)",
      ],
      [
        { notifications: [notification(), notification({ subscriberEmailAddresses: ["other@example.org"] })] },
        "notifications: two notifications have the same type, comparison and threshold",
      ],
      [
        { notifications: Array.from({ length: 11 }, (_, at) => notification({ threshold: at })) },
        "notifications: a budget can have up to 10 notifications (given: 11)",
      ],
    ] as readonly [Props, string][]) {
      it(JSON.stringify(inputs).slice(0, 90), () => {
        assert.deepEqual(faults(inputs), [fault]);
      });
    }
  });

  it("take as many notifications as AWS does, at different thresholds", () => {
    assert.deepEqual(faults({ notifications: Array.from({ length: 10 }, (_, at) => notification({ threshold: at * 10 })) }), []);
  });

  it("change in place, but for their name", () => {
    const { changes } = stack.engine.diff(BUDGET, asked(), asked({ limitAmount: "200", name: "other" }));
    assert.deepEqual(
      changes.map(({ path, replace }) => [path, replace]),
      [
        ["name", true],
        ["limitAmount", false],
      ],
    );
  });
});
