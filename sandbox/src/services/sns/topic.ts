import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn, derived } from "../../core/ids.ts";
import { text, type Value } from "../../core/values.ts";
import { all, json, matching, ofLength, oneOf, shown, type Limit } from "../limits.ts";
import { requireKey } from "../kms/keys.ts";
import { dropSubscription, subscriptionsOf } from "./subscriptions.ts";
import { checkTopicPolicy, defaultPolicy, TOPIC, TOPIC_POLICY } from "./topics.ts";

const NAME = /^[A-Za-z0-9_-]{1,256}$/;

const name: Limit = (value, inputs) => {
  const fifo = inputs["fifoTopic"] === true;
  const given = typeof value === "string" ? value : "";
  const bare = fifo ? given.replace(/\.fifo$/, "") : given;
  if (fifo && bare === given) return `the name of a FIFO topic must end with .fifo, got "${given}"`;
  return NAME.test(bare) ? undefined : `"${given}" is not a topic name: 1 to 256 letters, digits, hyphens and underscores`;
};

const notServed = (value: Value): string | undefined =>
  value === false || value === "" || value === null
    ? undefined
    : "the sandbox delivers to e-mail and queues only and does not serve this setting";

/** A topic. What is published reaches its queues, and its confirmed e-mail subscriptions in the sandbox's inbox. */
export const topic: ResourceDefinition = {
  type: TOPIC,
  replaceOn: ["fifoTopic", "name", "namePrefix"],
  autoName: { property: "name", maxLength: 256 },
  defaults: { fifoTopic: false, contentBasedDeduplication: false },
  limits: {
    name,
    namePrefix: (value) =>
      typeof value === "string" && NAME.test(value) ? undefined : `${shown(value)} is not the beginning of a topic name`,
    fifoTopic: (value) => (value === true ? "the sandbox does not serve FIFO topics" : undefined),
    contentBasedDeduplication: notServed,
    archivePolicy: notServed,
    deliveryPolicy: json,
    // SNS counts characters here, and takes any but control characters.
    displayName: all(ofLength(0, 100), matching(/^\P{Cc}*$/u, "control characters are not")),
    signatureVersion: oneOf(1, 2),
    tracingConfig: oneOf("PassThrough", "Active"),
  },
  create: ({ cloud, inputs, region, urn }) => {
    const topicName = text(inputs, "name") || `${text(inputs, "namePrefix")}${derived(26, urn, String(cloud.now()))}`;
    const topicArn = arn("sns", region, cloud.account, topicName);
    if (cloud.world.get(TOPIC, topicArn) !== undefined) {
      throw new CloudError(
        "InvalidParameter",
        `Invalid parameter: Attributes Reason: Topic ${topicArn} already exists with different attributes`,
      );
    }
    checkKey(cloud, text(inputs, "kmsMasterKeyId"), region);
    const policy = text(inputs, "policy");
    if (policy !== "") checkTopicPolicy(policy, topicArn);
    return {
      id: topicArn,
      outputs: {
        arn: topicArn,
        name: topicName,
        owner: cloud.account,
        policy: policy || defaultPolicy(topicArn, cloud.account),
        beginningArchiveTime: "",
      },
    };
  },
  update: ({ cloud, inputs, region }, before) => {
    checkKey(cloud, text(inputs, "kmsMasterKeyId"), region);
    const policy = text(inputs, "policy");
    if (policy !== "") checkTopicPolicy(policy, before.id);
    return { policy: policy || before.outputs["policy"] };
  },
  // Source: DeleteTopic, "Deletes a topic and all its subscriptions".
  remove: (cloud, resource) => {
    for (const row of cloud.world.all(TOPIC_POLICY)) if (row.id === resource.id) cloud.world.drop(row);
    for (const row of subscriptionsOf(cloud, resource.id)) dropSubscription(cloud, row);
  },
};

function checkKey(cloud: Cloud, key: string, region: string): void {
  if (key === "" || key === "alias/aws/sns") return;
  try {
    requireKey(cloud, key, region);
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    throw new CloudError("KMSNotFound", `Invalid parameter: KmsMasterKeyId Reason: ${error.message}`);
  }
}
