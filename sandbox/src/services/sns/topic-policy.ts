import type { ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { checkTopicPolicy, noSuchTopic, requireTopic, TOPIC, TOPIC_POLICY } from "./topics.ts";

/** Who may publish to a topic, and who may not. It takes the place of the topic's own policy. */
export const topicPolicy: ResourceDefinition = {
  type: TOPIC_POLICY,
  replaceOn: ["arn"],
  references: [{ path: "arn", to: TOPIC, by: ["arn"], missing: noSuchTopic }],
  create: ({ cloud, inputs }) => {
    const topic = requireTopic(cloud, text(inputs, "arn"));
    checkTopicPolicy(text(inputs, "policy"), topic.id);
    return { id: topic.id, outputs: { owner: cloud.account } };
  },
  update: ({ inputs }, before) => {
    checkTopicPolicy(text(inputs, "policy"), before.id);
    return {};
  },
};
