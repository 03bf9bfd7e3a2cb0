import type { Value } from "../../core/values.ts";
import { documentText } from "../iam/entities.ts";
import type { Limit } from "../limits.ts";

/** Where a queue puts what was received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** 1 to 1000. */
  readonly maxReceiveCount: number;
}

/** Which queues may use a queue as their dead-letter queue. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: "allowAll" | "denyAll" | "byQueue";
  /** With `byQueue`: at most ten. */
  readonly sourceQueueArns: readonly string[];
}

const QUEUE_ARN = /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/;

/** The redrive policy of such a text (which was checked before); undefined for an empty one. */
export function readRedrivePolicy(document: string): RedrivePolicy | undefined {
  if (document === "") return undefined;
  const policy = objectIn(document);
  return policy === undefined
    ? undefined
    : { deadLetterTargetArn: String(policy["deadLetterTargetArn"]), maxReceiveCount: Number(policy["maxReceiveCount"]) };
}

/** The same for who may use a queue as their dead-letter queue: everybody where nothing is said. */
export function readRedriveAllowPolicy(document: string): RedriveAllowPolicy {
  const policy = document === "" ? undefined : objectIn(document);
  const permission = policy?.["redrivePermission"];
  return {
    redrivePermission: permission === "denyAll" || permission === "byQueue" ? permission : "allowAll",
    sourceQueueArns: Array.isArray(policy?.["sourceQueueArns"]) ? policy["sourceQueueArns"].map(String) : [],
  };
}

/** What is wrong with the text of a redrive policy. Source: SQS API Reference, SetQueueAttributes, `RedrivePolicy`. */
export const redrivePolicyLimit: Limit = (value) => {
  const policy = given(value);
  if (typeof policy === "string") return policy;
  if (policy === undefined) return undefined;
  const unknown = Object.keys(policy).filter((name) => !["deadLetterTargetArn", "maxReceiveCount"].includes(name));
  const target = policy["deadLetterTargetArn"];
  const count = policy["maxReceiveCount"];
  return told([
    unknown.length > 0 && `it has no member ${unknown.join(", ")}; allowed: deadLetterTargetArn, maxReceiveCount`,
    !(typeof target === "string" && QUEUE_ARN.test(target)) &&
      `deadLetterTargetArn is ${written(target)}; it must be the ARN of a queue, such as arn:aws:sqs:eu-central-1:123456789012:failed`,
    !(Number.isInteger(count) && Number(count) >= 1 && Number(count) <= 1000) &&
      `maxReceiveCount is ${written(count)}; it must be a whole number from 1 to 1000`,
  ]);
};

/** What is wrong with the text of a redrive allow policy. Source: the same, `RedriveAllowPolicy`. */
export const redriveAllowPolicyLimit: Limit = (value) => {
  const policy = given(value);
  if (typeof policy === "string") return policy;
  if (policy === undefined) return undefined;
  const permission = policy["redrivePermission"];
  const sources = policy["sourceQueueArns"];
  const named = Array.isArray(sources) ? (sources as unknown[]) : undefined;
  return told([
    !["allowAll", "denyAll", "byQueue"].includes(String(permission)) &&
      `redrivePermission is ${written(permission)}; allowed: allowAll, denyAll, byQueue`,
    permission === "byQueue" &&
      !(named !== undefined && named.length >= 1 && named.length <= 10) &&
      "with byQueue, sourceQueueArns must name 1 to 10 queues; use allowAll for more",
    permission !== "byQueue" && sources !== undefined && "sourceQueueArns goes with the redrivePermission byQueue only",
    named !== undefined &&
      !named.every((arn) => typeof arn === "string" && QUEUE_ARN.test(arn)) &&
      "sourceQueueArns must be ARNs of queues",
  ]);
};

/** The members of a policy; undefined for none, a text for what is wrong. */
function given(value: Value): Record<string, unknown> | string | undefined {
  const document = documentText(value);
  if (document === "") return undefined;
  return objectIn(document) ?? `${document} is not a JSON object`;
}

function objectIn(document: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(document);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function written(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

function told(faults: readonly (string | false)[]): string | undefined {
  const found = faults.filter((fault) => fault !== false);
  return found.length === 0 ? undefined : found.join("; ");
}
