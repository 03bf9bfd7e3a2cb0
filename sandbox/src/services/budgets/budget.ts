import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { all, given, type Limit, matching, oneOf } from "../limits.ts";
import { MOST_NOTIFICATIONS, notificationFault, notificationKey } from "./notification.ts";

const BUDGET = "aws:budgets/budget:Budget";
/** Only budgets of money are told in dollars; the others have units of their own. */
const KINDS = ["COST", "RI_COVERAGE", "RI_UTILIZATION", "SAVINGS_PLANS_COVERAGE", "SAVINGS_PLANS_UTILIZATION", "USAGE"];
const MONEY = "COST";
/** Where the provider ends a budget that was given no end. */
const NO_END = "2087-06-15_00:00";
/** What counts as cost where nothing was said (AWS Cost Management API Reference, CostTypes). */
const COST_TYPES = {
  includeCredit: true,
  includeDiscount: true,
  includeOtherSubscription: true,
  includeRecurring: true,
  includeRefund: true,
  includeSubscription: true,
  includeSupport: true,
  includeTax: true,
  includeUpfront: true,
  useAmortized: false,
  useBlended: false,
};

const moment = matching(/^\d{4}-\d{2}-\d{2}_\d{2}:\d{2}$/, "a time is written like 2026-01-31_12:00");

const amount: Limit = (value, inputs) => {
  if (typeof value !== "string" || !/^\d+(\.\d+)?$/.test(value) || Number(value) <= 0) {
    return `${JSON.stringify(value)} is not an amount; allowed: a number above 0, such as "100"`;
  }
  const unit = text(inputs, "limitUnit");
  if (unit === "") return "limitAmount needs a limitUnit, such as USD";
  return text(inputs, "budgetType") === MONEY && unit !== "USD"
    ? `a ${MONEY} budget is told in USD (given: limitUnit ${unit})`
    : undefined;
};

/** The first moment of the running day, month, quarter or year, in UTC, where a budget was given no start. */
function startOf(timeUnit: string, now: number): string {
  const date = new Date(now);
  const month = { QUARTERLY: date.getUTCMonth() - (date.getUTCMonth() % 3), ANNUALLY: 0 }[timeUnit] ?? date.getUTCMonth();
  const day = timeUnit === "DAILY" ? date.getUTCDate() : 1;
  return `${new Date(Date.UTC(date.getUTCFullYear(), month, day)).toISOString().slice(0, 10)}_00:00`;
}

const hasAmount: Limit = (_value, inputs) =>
  given(inputs, ["limitAmount", "plannedLimits", "autoAdjustData"]).length > 0
    ? undefined
    : "a budget needs limitAmount, plannedLimits or autoAdjustData (given: none)";

const notifications: Limit = (value) => {
  const all = Array.isArray(value) ? value : [];
  if (all.length > MOST_NOTIFICATIONS)
    return `a budget can have up to ${MOST_NOTIFICATIONS} notifications (given: ${all.length})`;
  const twins = new Set(all.map(notificationKey)).size < all.length;
  return twins ? "two notifications have the same type, comparison and threshold" : undefined;
};

const afterStart: Limit = (end, inputs) => {
  const start = text(inputs, "timePeriodStart");
  // Written from the year down, moments compare as text.
  return typeof end === "string" && start !== "" && end <= start
    ? `the end ${end} does not come after the start ${start}`
    : undefined;
};

function shape({ cloud, inputs }: Operation): Props {
  const common = {
    timePeriodStart: text(inputs, "timePeriodStart") || startOf(text(inputs, "timeUnit"), cloud.now()),
    timePeriodEnd: text(inputs, "timePeriodEnd") || NO_END,
    costFilters: inputs["costFilters"] ?? [],
  };
  return text(inputs, "budgetType") === MONEY
    ? { ...common, costTypes: { ...COST_TYPES, ...(inputs["costTypes"] as Props | undefined) } }
    : common;
}

/** What an account may cost in a while, and who hears of it. Nothing costs anything in the sandbox, so nobody ever hears of it here. */
export const budget: ResourceDefinition = {
  type: BUDGET,
  replaceOn: ["accountId", "name", "namePrefix"],
  autoName: { property: "name", maxLength: 100 },
  limits: {
    name: matching(/^[^:\\]{1,100}$/, "1 to 100 characters, none of them : or \\"),
    accountId: matching(/^\d{12}$/, "an account id has 12 digits"),
    budgetType: all(oneOf(...KINDS), hasAmount),
    timeUnit: oneOf("ANNUALLY", "CUSTOM", "DAILY", "MONTHLY", "QUARTERLY"),
    limitAmount: amount,
    timePeriodStart: moment,
    timePeriodEnd: all(moment, afterStart),
    "notifications[]": notificationFault,
    notifications,
  },
  references: [
    {
      path: "notifications[].subscriberSnsTopicArns[]",
      to: "aws:sns/topic:Topic",
      by: ["arn"],
      missing: (topic) => new CloudError("InvalidParameterException", `The SNS topic ${topic} does not exist`),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, urn } = operation;
    const accountId = text(inputs, "accountId") || cloud.account;
    if (accountId !== cloud.account) {
      throw new CloudError(
        "AccessDeniedException",
        `Account ${cloud.account} is not authorized to manage budgets of account ${accountId}.`,
      );
    }
    const prefix = text(inputs, "namePrefix");
    const name = prefix === "" ? text(inputs, "name") : prefix + derived(26, urn, String(cloud.now()));
    const id = `${accountId}:${name}`;
    // Budgets are the account's, not a region's.
    if (cloud.world.get(BUDGET, id) !== undefined) {
      throw new CloudError("DuplicateRecordException", `Error creating budget: ${name} - the budget already exists.`);
    }
    const arn = `arn:aws:budgets::${accountId}:budget/${name}`;
    return { id, outputs: { ...shape(operation), arn, accountId, name, namePrefix: prefix } };
  },
  update: shape,
};
