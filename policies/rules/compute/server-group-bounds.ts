import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import { beAtLeast, fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "server-group-bounds",
  title: "A group of servers survives the loss of one, and has room to grow",
  severity: "medium",
  description: "With one server every fault is an outage. A group that is as large as it may be cannot answer to load.",
  remediation: "Set minSize to 2 or more, and maxSize above it.",
  controls: { wellArchitected: ["REL07", "REL11"] },
  since: "scaled",
  config: {
    leastServers: { type: "integer", default: 2, minimum: 1, maximum: 100, description: "Least servers that a group keeps." },
  },
  resources: {
    "aws:autoscaling/group:Group": (group: Resource<GroupArgs>, { apart, config, must }) => {
      must(group.at("minSize"), beAtLeast(config.leastServers, "servers"));
      apart(() => {
        const least = group.at("minSize").value ?? 0;
        must(
          group.at("maxSize"),
          fit(`be more than minSize, which is ${String(least)}`, (most = 0) => most > least),
        );
      });
    },
  },
});
