import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Reference, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { documentText } from "../iam/entities.ts";
import { parsePolicy } from "../iam/policy-document.ts";
import { requirePrincipals } from "../iam/principals.ts";
import type { Limit } from "../limits.ts";
import {
  INVALID_VALUE,
  noSuchQueue,
  QUEUE,
  QUEUE_POLICY,
  queueOfArn,
  REDRIVE_ALLOW_POLICY,
  REDRIVE_POLICY,
  redriveAllowOf,
} from "./queues.ts";
import { readRedrivePolicy, redriveAllowPolicyLimit, redrivePolicyLimit } from "./redrive.ts";

const ofQueue: Reference = { path: "queueUrl", to: QUEUE, missing: noSuchQueue };

interface PolicyBeside {
  readonly type: string;
  readonly property: string;
  readonly limit: Limit;
  /** Throws as SQS does. */
  readonly check?: (cloud: Cloud, queueArn: string, document: string) => void;
}

/** A policy that stands beside its queue, and takes the place of the queue's own. */
function beside({ type, property, limit, check }: PolicyBeside): ResourceDefinition {
  const checked = (cloud: Cloud, url: string, document: string): void => {
    check?.(cloud, text(cloud.world.get(QUEUE, url)?.outputs ?? {}, "arn"), document);
  };
  return {
    type,
    replaceOn: ["queueUrl"],
    limits: { [property]: limit },
    references: [ofQueue],
    create: ({ cloud, inputs }) => {
      const url = text(inputs, "queueUrl");
      checked(cloud, url, documentText(inputs[property]));
      return { id: url };
    },
    update: ({ cloud, inputs }, before) => {
      checked(cloud, before.id, documentText(inputs[property]));
      return {};
    },
  };
}

/** The text must be a policy. */
export const queuePolicyLimit: Limit = (value) => {
  try {
    parsePolicy(documentText(value), "resource", INVALID_VALUE);
    return undefined;
  } catch (error) {
    if (error instanceof CloudError) return `Invalid value for the parameter Policy. Reason: ${error.message}`;
    throw error;
  }
};

/** Throws `InvalidParameterValue`, as SQS does, for a policy that the queue cannot have. */
export function checkQueuePolicy(cloud: Cloud, queueArn: string, document: string): void {
  if (document === "") return;
  const fail = (reason: string): never => {
    throw new CloudError(INVALID_VALUE, `Value ${document} for parameter Policy is invalid. Reason: ${reason}`);
  };
  const statements = parsePolicy(document, "resource", INVALID_VALUE);
  requirePrincipals(cloud, statements, INVALID_VALUE);
  const [, , , region = ""] = queueArn.split(":");
  for (const { actions = [], resources = [] } of statements) {
    const foreign = actions.find((action) => action !== "*" && !/^sqs:/i.test(action));
    if (foreign !== undefined) fail(`Policy statement action ${foreign} is out of service scope.`);
    const other = resources.find((resource) => resource !== queueArn && !resource.includes("*"));
    if (other !== undefined)
      fail(
        `Policy statement resource ${other} is not the queue ${queueArn}; queues are named as ${arn("sqs", region, cloud.account, "name")}.`,
      );
  }
}

/** Throws as SQS does if the queue (its ARN is given) cannot have this redrive policy. */
export function requireRedrive(cloud: Cloud, sourceArn: string, document: string): void {
  const policy = readRedrivePolicy(document);
  if (policy === undefined) return;
  const fail = (reason: string): never => {
    throw new CloudError(INVALID_VALUE, `Value ${document} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
  };
  const [, , , region, account] = policy.deadLetterTargetArn.split(":");
  const [, , , ownRegion, ownAccount] = sourceArn.split(":");
  if (region !== ownRegion || account !== ownAccount) fail("Dead-letter queue must be in same account and region as the source.");
  const target = queueOfArn(cloud, policy.deadLetterTargetArn);
  if (target === undefined) return fail("Dead letter target does not exist.");
  if (target.isFifo !== sourceArn.endsWith(".fifo")) fail("Dead-letter queue must be same type of queue as the source.");
  const { redrivePermission, sourceQueueArns } = redriveAllowOf(cloud, target);
  if (redrivePermission === "denyAll" || (redrivePermission === "byQueue" && !sourceQueueArns.includes(sourceArn)))
    fail(`The redrive allow policy of the dead-letter queue ${target.arn} does not allow the source queue ${sourceArn}.`);
}

/** Who else may use a queue, and who may not. */
export const queuePolicy = beside({ type: QUEUE_POLICY, property: "policy", limit: queuePolicyLimit, check: checkQueuePolicy });

/** Where a queue puts what was received too often. */
export const redrivePolicy = beside({
  type: REDRIVE_POLICY,
  property: "redrivePolicy",
  limit: redrivePolicyLimit,
  check: requireRedrive,
});

/** Which queues may use a queue as their dead-letter queue. */
export const redriveAllowPolicy = beside({
  type: REDRIVE_ALLOW_POLICY,
  property: "redriveAllowPolicy",
  limit: redriveAllowPolicyLimit,
});
