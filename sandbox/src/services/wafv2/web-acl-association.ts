import type { Cloud } from "../../core/cloud.ts";
import type { Resource, ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { balancingOf } from "../elbv2/balancing.ts";
import { listenersOf } from "../elbv2/listener-plan.ts";
import { LOAD_BALANCER } from "../elbv2/names.ts";
import { associated, invalidArn, nonexistent, WEB_ACL, WEB_ACL_ASSOCIATION } from "./names.ts";

/** Puts a web ACL before a load balancer. A distribution names its web ACL itself. */
export const webAclAssociation: ResourceDefinition = {
  type: WEB_ACL_ASSOCIATION,
  replaceOn: ["resourceArn", "webAclArn"],
  references: [
    {
      path: "resourceArn",
      to: LOAD_BALANCER,
      missing: (value) =>
        /^arn:aws[\w-]*:elasticloadbalancing:/.test(value) ? nonexistent() : invalidArn("RESOURCE_ARN", value),
    },
    {
      path: "webAclArn",
      to: WEB_ACL,
      by: ["arn"],
      missing: (value) => (/^arn:aws[\w-]*:wafv2:/.test(value) ? nonexistent() : invalidArn("WEB_ACL_ARN", value)),
      inUse: associated,
    },
  ],
  create: ({ cloud, inputs, region }) => {
    const [resource, acl] = [text(inputs, "resourceArn"), text(inputs, "webAclArn")];
    const found: Resource | undefined = cloud.world.by(WEB_ACL, "arn", acl);
    // A web ACL stands before what is of its own scope and region.
    if (found?.region !== region || text(found.inputs, "scope") !== "REGIONAL") throw nonexistent();
    return { id: `${acl},${resource}` };
  },
  run: async (cloud, row) => {
    await settle(cloud, row);
    return undefined;
  },
  halt: settle,
};

/** Lets the listeners of the load balancer ask the web ACL that stands before it now. */
async function settle(cloud: Cloud, { inputs }: Resource): Promise<void> {
  const balancer = cloud.world.get(LOAD_BALANCER, text(inputs, "resourceArn"));
  if (balancer === undefined) return;
  for (const listener of listenersOf(cloud, balancer)) await balancingOf(cloud).listen(listener);
}
