import type { ResourceDefinition } from "../../core/definition.ts";
import { topic } from "./topic.ts";
import { topicPolicy } from "./topic-policy.ts";
import { topicSubscription } from "./topic-subscription.ts";

export { inbox, type Mail } from "./inbox.ts";
export { publish, type Publication } from "./publish.ts";
export { confirm } from "./subscriptions.ts";

/** What Simple Notification Service serves. */
export const snsDefinitions: readonly ResourceDefinition[] = [topic, topicPolicy, topicSubscription];
