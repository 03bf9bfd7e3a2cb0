import type { LifecyclePolicyArgs } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import type { RepositoryArgs } from "@pulumi/aws/ecr/repository.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "image-lifecycle",
  title: "Images that nobody runs any more are deleted",
  severity: "low",
  description: "Every build adds an image that is paid for each month, and that may be deployed again with its old faults.",
  remediation: "Add an aws.ecr.LifecyclePolicy with the name of the repository.",
  controls: { fsbp: ["ECR.3"], wellArchitected: ["COST04"] },
  inStack: {
    "aws:ecr/repository:Repository": (repository: Resource<RepositoryArgs>, { fail }, stack) => {
      const policies = stack.linked<LifecyclePolicyArgs>("aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository", repository);
      if (policies.length === 0) fail(repository, "the repository has no LifecyclePolicy", "it must have one");
    },
  },
});
