import type { ResourceDefinition } from "../../core/definition.ts";
import { queue } from "./queue.ts";
import { queuePolicy, redriveAllowPolicy, redrivePolicy } from "./queue-policies.ts";

export { deliverToQueue, type ServiceMessage } from "./service-delivery.ts";
export type { MessageAttribute } from "./store.ts";

/** Simple Queue Service. */
export const sqsDefinitions: readonly ResourceDefinition[] = [queue, queuePolicy, redriveAllowPolicy, redrivePolicy];
