import { randomUUID } from "node:crypto";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { json, oneOf } from "../limits.ts";
import { askForConsent, faultInDelivery, forgetTokens, isPending, needsConsent, sameSubscription } from "./subscriptions.ts";
import { noSuchTopic, requireTopic, TOPIC, TOPIC_SUBSCRIPTION } from "./topics.ts";

/** Who gets what is published. An address must confirm first: the mail that asks it lies in the sandbox's inbox. A queue of the account need not. */
export const topicSubscription: ResourceDefinition = {
  type: TOPIC_SUBSCRIPTION,
  replaceOn: ["endpoint", "protocol", "topic"],
  defaults: { confirmationTimeoutInMinutes: 1, endpointAutoConfirms: false, rawMessageDelivery: false },
  limits: {
    endpoint: (value, inputs) =>
      typeof inputs["protocol"] === "string" && typeof value === "string"
        ? faultInDelivery(inputs["protocol"], value)
        : undefined,
    rawMessageDelivery: (value, inputs) =>
      value === true && inputs["protocol"] !== "sqs"
        ? "raw message delivery is for http, https, sqs and firehose, not for e-mail"
        : undefined,
    filterPolicy: (value) => (value === "" ? undefined : "the sandbox does not serve filter policies"),
    filterPolicyScope: oneOf("MessageAttributes", "MessageBody"),
    deliveryPolicy: json,
    redrivePolicy: (value) => (value === "" ? undefined : "the sandbox does not serve redrive policies"),
    replayPolicy: (value) => (value === "" ? undefined : "the sandbox does not serve replay policies"),
  },
  references: [{ path: "topic", to: TOPIC, by: ["arn"], missing: noSuchTopic }],
  create: ({ cloud, inputs }) => {
    const topic = requireTopic(cloud, text(inputs, "topic"));
    const [protocol, endpoint] = [text(inputs, "protocol"), text(inputs, "endpoint")];
    const fault = faultInDelivery(protocol, endpoint);
    if (fault !== undefined) throw new CloudError("InvalidParameter", fault);
    const id = `${topic.id}:${randomUUID()}`;
    // An address that has consented to this topic's messages is not asked again.
    const same = sameSubscription(cloud, topic.id, protocol, endpoint);
    const pendingConfirmation = needsConsent(cloud, protocol, endpoint) && (same === undefined || isPending(same));
    if (pendingConfirmation) askForConsent(cloud, topic.id, id, endpoint);
    const outputs = {
      arn: id,
      ownerId: cloud.account,
      pendingConfirmation,
      confirmationWasAuthenticated: protocol === "sqs",
      filterPolicyScope: "",
    };
    return { id, outputs };
  },
  remove: (cloud, row) => {
    forgetTokens(cloud, row.id);
  },
};
