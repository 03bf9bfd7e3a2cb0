import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-storage-grows",
  title: "The storage of a database grows before it is full",
  severity: "medium",
  description: "A database whose disk is full stops, and starts again only after someone has noticed and enlarged it.",
  remediation: "Set maxAllocatedStorage to the size up to which it may grow, above allocatedStorage.",
  controls: { wellArchitected: ["REL07"] },
  since: "scaled",
  resources: {
    "aws:rds/instance:Instance": (instance: Resource<InstanceArgs>, { must }) => {
      // Aurora's storage grows by itself, and a replica's follows its source's.
      if (instance.at("replicateSourceDb").isSet || (instance.at("engine").value ?? "").startsWith("aurora")) return;
      const size = instance.at("allocatedStorage").value ?? 0;
      must(instance.at("maxAllocatedStorage").or(0, "which means that it never grows"), beAtLeast(size + 1, "GiB"));
    },
  },
});
