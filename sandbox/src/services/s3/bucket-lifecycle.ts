import type { Props, Value } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { between, given, type Limit, ofLength, oneOf } from "../limits.ts";
import { object } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";

/** What a rule can do; one that does nothing is refused. */
const ACTIONS = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];
const STORAGE_CLASSES = ["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"];
/** Days before an object may move to a class for infrequent access (S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle"). */
const INFREQUENT_DAYS = 30;
const MOST_RULES = 1000;
const MOST_DAYS = 2_147_483_647;

/** When objects move or go. Remembered; the sandbox's objects stay until they are deleted. */
export const bucketLifecycleConfiguration = bucketConfiguration({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  replaceOn: ["bucket", "expectedBucketOwner"],
  defaults: { transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
  limits: {
    transitionDefaultMinimumObjectSize: oneOf("all_storage_classes_128K", "varies_by_storage_class"),
    rules: uniqueIds,
    "rules[]": ruleFault,
    "rules[].id": ofLength(1, 255),
    "rules[].status": oneOf("Enabled", "Disabled"),
    "rules[].abortIncompleteMultipartUpload.daysAfterInitiation": between(1, MOST_DAYS),
    "rules[].expiration.days": between(1, MOST_DAYS),
    "rules[].noncurrentVersionExpiration.noncurrentDays": between(1, MOST_DAYS),
    "rules[].noncurrentVersionExpiration.newerNoncurrentVersions": between(1, 100),
    "rules[].transitions[].storageClass": oneOf(...STORAGE_CLASSES),
    "rules[].transitions[]": daysBefore("days"),
    "rules[].noncurrentVersionTransitions[].storageClass": oneOf(...STORAGE_CLASSES),
    "rules[].noncurrentVersionTransitions[]": daysBefore("noncurrentDays"),
  },
});

function uniqueIds(value: Value): string | undefined {
  const rules = Array.isArray(value) ? value.map((rule) => text(object(rule), "id")) : [];
  if (rules.length === 0 || rules.length > MOST_RULES) return `${rules.length} rules were given; allowed: 1 to ${MOST_RULES}`;
  const twice = rules.find((id, index) => rules.indexOf(id) !== index);
  return twice === undefined ? undefined : `Rule ID must be unique. Found same ID for more than one rule: "${twice}"`;
}

function ruleFault(value: Value): string | undefined {
  const rule = object(value);
  const name = `rule "${text(rule, "id")}"`;
  if (given(rule, ACTIONS).length === 0) {
    return `At least one action needs to be specified in a rule: ${name} has none of ${ACTIONS.join(", ")}`;
  }
  const expiration = object(rule["expiration"]);
  if (rule["expiration"] !== undefined) {
    const ways = given(expiration, ["date", "days", "expiredObjectDeleteMarker"]).filter((way) => expiration[way] !== false);
    if (ways.length !== 1) {
      return `${name}: exactly one of date, days and expiredObjectDeleteMarker must be given in expiration, not ${ways.join(" and ") || "none"}`;
    }
  }
  return lateTransition(rule, expiration, name);
}

function lateTransition(rule: Props, expiration: Props, name: string): string | undefined {
  const days = expiration["days"];
  if (typeof days !== "number") return undefined;
  const transitions = Array.isArray(rule["transitions"]) ? rule["transitions"].map((item) => object(item)) : [];
  const late = transitions.find((transition) => Number(transition["days"] ?? 0) >= days);
  if (late === undefined) return undefined;
  return `${name}: 'Days' in the Expiration action (${days}) must be greater than 'Days' in the Transition action (${Number(late["days"])})`;
}

function daysBefore(property: string): Limit {
  return (value) => {
    const transition = object(value);
    const [days, storageClass] = [transition[property], text(transition, "storageClass")];
    if (typeof days !== "number" || !storageClass.endsWith("_IA") || days >= INFREQUENT_DAYS) return undefined;
    return `'Days' in Transition action must be greater than or equal to ${INFREQUENT_DAYS} for storageClass '${storageClass}', not ${days}`;
  };
}
