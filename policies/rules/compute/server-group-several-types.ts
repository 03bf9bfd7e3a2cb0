import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "server-group-several-types",
  title: "A group of servers may be of several machine types",
  severity: "low",
  description: "When a zone has no machine of the one type left, the group cannot replace what failed.",
  remediation: "Use mixedInstancesPolicy, with two types or more in launchTemplate.overrides, or instanceRequirements.",
  controls: { fsbp: ["AutoScaling.6"], wellArchitected: ["REL10"] },
  level: "advisory",
  resources: {
    "aws:autoscaling/group:Group": (group: Resource<GroupArgs>, { fail }) => {
      const overrides = group.at("mixedInstancesPolicy", "launchTemplate", "overrides");
      const anyThatFits = overrides.items.some((each) => each.at("instanceRequirements").isSet);
      if (overrides.items.length < 2 && !anyThatFits)
        fail(overrides, "the group has one machine type", "mixedInstancesPolicy must name at least 2");
    },
  },
});
