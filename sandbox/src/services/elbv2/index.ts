import type { ResourceDefinition } from "../../core/definition.ts";
import { listenerRule } from "./listener-rule.ts";
import { listener } from "./listener.ts";
import { loadBalancer } from "./load-balancer.ts";
import { targetGroupAttachment } from "./target-group-attachment.ts";
import { targetGroup } from "./target-group.ts";

/** Elastic Load Balancing: application load balancers. */
export const elbv2Definitions: readonly ResourceDefinition[] = [
  loadBalancer,
  targetGroup,
  listener,
  listenerRule,
  targetGroupAttachment,
];
