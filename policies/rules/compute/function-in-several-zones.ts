import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "function-in-several-zones",
  title: "A function in a VPC has subnets in more than one zone",
  severity: "medium",
  description: "With one subnet the function is down as long as that zone is, though Lambda itself is not.",
  remediation: "Name subnets of two zones or more in vpcConfig.subnetIds, or leave vpcConfig out.",
  controls: { fsbp: ["Lambda.5"], wellArchitected: ["REL10"] },
  since: "scaled",
  resources: {
    "aws:lambda/function:Function": (worker: Resource<FunctionArgs>, { fail }) => {
      const subnets = worker.at("vpcConfig", "subnetIds");
      if (subnets.items.length === 1)
        fail(subnets, "the function names 1 subnet", "it must name at least 2, each of a zone of its own");
    },
  },
});
