import type { Props, Value } from "../../core/values.ts";
import { text, texts } from "../../core/values.ts";
import { shown } from "../limits.ts";

/** AWS Cost Management API Reference, Notification and NotificationWithSubscribers. */
const COMPARISONS = ["GREATER_THAN", "LESS_THAN", "EQUAL_TO"];
const KINDS = ["ACTUAL", "FORECASTED"];
const THRESHOLDS = ["PERCENTAGE", "ABSOLUTE_VALUE"];
const MOST_MAILS = 10;

/** Notifications a budget may have (AWS CloudFormation, AWS::Budgets::Budget Notification). */
export const MOST_NOTIFICATIONS = 10;

function notIn(allowed: readonly string[], name: string, notification: Props): string | undefined {
  const value = text(notification, name);
  return allowed.includes(value) ? undefined : `${name} is ${shown(value)}; allowed: ${allowed.join(", ")}`;
}

/** What is wrong with one notification, or undefined. */
export function notificationFault(notification: Value): string | undefined {
  if (notification === null || typeof notification !== "object" || Array.isArray(notification)) {
    return "a notification must be an object";
  }
  const wrong =
    notIn(COMPARISONS, "comparisonOperator", notification) ??
    notIn(KINDS, "notificationType", notification) ??
    notIn(THRESHOLDS, "thresholdType", notification);
  if (wrong !== undefined) return wrong;
  const threshold = notification["threshold"];
  if (typeof threshold !== "number" || threshold < 0 || threshold > 40_000_000_000) {
    return `threshold is ${shown(threshold ?? null)}; allowed: 0 to 40000000000`;
  }
  const [topics, mails] = [texts(notification, "subscriberSnsTopicArns"), texts(notification, "subscriberEmailAddresses")];
  if (topics.length + mails.length === 0)
    return "a notification needs subscriberEmailAddresses or subscriberSnsTopicArns (given: neither)";
  if (topics.length > 1) return `a notification can have one SNS topic (given: ${topics.length})`;
  if (mails.length > MOST_MAILS) return `a notification can have up to ${MOST_MAILS} email addresses (given: ${mails.length})`;
  const noMail = mails.find((mail) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mail));
  return noMail === undefined ? undefined : `${shown(noMail)} is not an email address`;
}

/** What tells one notification of a budget from another: a second alike is refused by AWS. */
export function notificationKey(notification: Value): string {
  const { comparisonOperator, notificationType, threshold, thresholdType } = notification as Props;
  return JSON.stringify([comparisonOperator, notificationType, threshold, thresholdType]);
}
