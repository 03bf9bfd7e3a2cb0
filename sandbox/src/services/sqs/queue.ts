import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { documentText } from "../iam/entities.ts";
import { keyReference } from "../kms/use.ts";
import { between, type Limit, matching, oneOf, shown } from "../limits.ts";
import { chosenName, PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { forgetTimes, touchQueue } from "./attributes.ts";
import { messagingOf } from "./messaging.ts";
import { checkQueuePolicy, queuePolicyLimit, requireRedrive } from "./queue-policies.ts";
import { policyTextOf, QUEUE, QUEUE_POLICY, queueUrl, REDRIVE_ALLOW_POLICY, REDRIVE_POLICY, rowNamed } from "./queues.ts";
import { redriveAllowPolicyLimit, redrivePolicyLimit } from "./redrive.ts";

const LETTERS = "letters, digits, hyphens and underscores";

const name: Limit = (value, inputs) => {
  const given = typeof value === "string" ? value : "";
  const isFifo = inputs["fifoQueue"] === true;
  if (isFifo && !given.endsWith(".fifo")) return `the name of a FIFO queue must end with .fifo, got ${shown(value)}`;
  const bare = isFifo ? given.slice(0, -".fifo".length) : given;
  return /^[\w-]+$/.test(bare) && given.length <= 80
    ? undefined
    : `${shown(value)} is not a queue name: 1 to 80 ${LETTERS}${isFifo ? ", and .fifo" : "; only a FIFO queue's ends with .fifo"}`;
};

const fifoOnly: Limit = (value, inputs) =>
  value === false || value === "" || inputs["fifoQueue"] === true ? undefined : "it is for FIFO queues: set fifoQueue to true";

const oneEncryption: Limit = (value, inputs) =>
  value === true && text(inputs, "kmsMasterKeyId") !== ""
    ? '"sqsManagedSseEnabled" conflicts with "kmsMasterKeyId": give one of them'
    : undefined;

const both =
  (first: Limit, second: Limit): Limit =>
  (value, inputs) =>
    first(value, inputs) ?? second(value, inputs);

/**
 * A queue. Limits and defaults: SQS API Reference, CreateQueue; the provider's documentation for the size of messages.
 *
 * A deleted queue's name is free at once. SQS frees it after a minute, and the provider waits for that.
 */
export const queue: ResourceDefinition = {
  type: QUEUE,
  replaceOn: ["fifoQueue", "name", "namePrefix"],
  autoName: { property: "name", maxLength: 80, ending: ({ fifoQueue }) => (fifoQueue === true ? ".fifo" : "") },
  defaults: {
    contentBasedDeduplication: false,
    delaySeconds: 0,
    fifoQueue: false,
    maxMessageSize: 262_144,
    messageRetentionSeconds: 345_600,
    receiveWaitTimeSeconds: 0,
    visibilityTimeoutSeconds: 30,
  },
  limits: {
    name,
    namePrefix: matching(
      new RegExp(`^[\\w-]{1,${String(80 - PREFIX_SUFFIX_LENGTH)}}$`),
      `1 to ${String(80 - PREFIX_SUFFIX_LENGTH)} ${LETTERS}`,
    ),
    contentBasedDeduplication: fifoOnly,
    deduplicationScope: both(oneOf("messageGroup", "queue"), fifoOnly),
    fifoThroughputLimit: both(oneOf("perQueue", "perMessageGroupId"), fifoOnly),
    delaySeconds: between(0, 900),
    maxMessageSize: between(1024, 1_048_576),
    messageRetentionSeconds: between(60, 1_209_600),
    receiveWaitTimeSeconds: between(0, 20),
    visibilityTimeoutSeconds: between(0, 43_200),
    kmsDataKeyReusePeriodSeconds: between(60, 86_400),
    sqsManagedSseEnabled: oneEncryption,
    policy: queuePolicyLimit,
    redrivePolicy: redrivePolicyLimit,
    redriveAllowPolicy: redriveAllowPolicyLimit,
  },
  references: [
    keyReference("kmsMasterKeyId", (key) => new CloudError("KmsNotFound", `Invalid keyId '${key}': it does not exist`)),
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const queueName = nameOf(inputs);
    const url = queueUrl(region, cloud.account, queueName);
    if (rowNamed(cloud, queueName, region) !== undefined)
      throw new CloudError("QueueAlreadyExists", `A queue named ${queueName} already exists.`);
    const queueArn = arn("sqs", region, cloud.account, queueName);
    checkPolicies(operation, queueArn);
    requireHighThroughput(inputs);
    touchQueue(cloud, queueArn);
    return { id: url, outputs: { ...computed(inputs), arn: queueArn, name: queueName, url } };
  },
  update: (operation, before) => {
    checkPolicies(operation, text(before.outputs, "arn"));
    requireHighThroughput(operation.inputs);
    touchQueue(operation.cloud, text(before.outputs, "arn"));
    const { arn: queueArn, name: queueName, url } = before.outputs;
    return { ...computed(operation.inputs), arn: queueArn, name: queueName, url };
  },
  // Its policies are attributes of it, and go with it.
  remove: (cloud, row) => {
    for (const type of [QUEUE_POLICY, REDRIVE_POLICY, REDRIVE_ALLOW_POLICY])
      for (const beside of cloud.world.all(type)) if (beside.id === row.id) cloud.world.drop(beside);
    forgetTimes(cloud, text(row.outputs, "arn"));
  },
  run: (cloud, { region }) => {
    const port = Number(new URL(cloud.apiUrl()).port);
    cloud.addresses.set(endpointOf(region), { host: "127.0.0.1", port });
    return Promise.resolve(undefined);
  },
  halt: (cloud, row) => {
    messagingOf(cloud).forget(text(row.outputs, "arn"));
    const others = cloud.world.all(QUEUE).some((other) => other.region === row.region && other.id !== row.id);
    if (!others) cloud.addresses.remove(endpointOf(row.region));
    return Promise.resolve();
  },
  look: (cloud, row) => ({ policy: policyTextOf(cloud, row) }),
};

/** Where the addresses of queues lead. */
function endpointOf(region: string): string {
  return `sqs.${region}.amazonaws.com:443`;
}

function nameOf(inputs: Props): string {
  const suffix = inputs["fifoQueue"] === true && text(inputs, "namePrefix") !== "" ? ".fifo" : "";
  return `${chosenName(inputs)}${suffix}`;
}

function checkPolicies({ cloud, inputs }: Operation, queueArn: string): void {
  checkQueuePolicy(cloud, queueArn, documentText(inputs["policy"]));
  requireRedrive(cloud, queueArn, documentText(inputs["redrivePolicy"]));
}

/** Source: SQS developer guide, "High throughput for FIFO queues": the two go together. */
function requireHighThroughput(inputs: Props): void {
  if (text(inputs, "fifoThroughputLimit") !== "perMessageGroupId" || text(inputs, "deduplicationScope") === "messageGroup")
    return;
  throw new CloudError(
    "InvalidAttributeValue",
    "Invalid value for the parameter FifoThroughputLimit. Reason: perMessageGroupId is allowed only when the value for DeduplicationScope is messageGroup.",
  );
}

/** What SQS fills in. */
function computed(inputs: Props): Props {
  const isFifo = inputs["fifoQueue"] === true;
  const key = text(inputs, "kmsMasterKeyId");
  return {
    deduplicationScope: text(inputs, "deduplicationScope") || (isFifo ? "queue" : ""),
    fifoThroughputLimit: text(inputs, "fifoThroughputLimit") || (isFifo ? "perQueue" : ""),
    kmsDataKeyReusePeriodSeconds: inputs["kmsDataKeyReusePeriodSeconds"] ?? 300,
    // Since 2022 SQS encrypts with a key of its own where nothing else was asked for.
    sqsManagedSseEnabled: inputs["sqsManagedSseEnabled"] ?? key === "",
  };
}
