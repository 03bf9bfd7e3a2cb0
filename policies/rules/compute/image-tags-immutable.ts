import type { RepositoryArgs } from "@pulumi/aws/ecr/repository.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "image-tags-immutable",
  title: "A tag of an image always means the same image",
  severity: "medium",
  description:
    "A tag that can be moved makes two servers of the same version run different programs, and a rollback run the fault again.",
  remediation: 'Set imageTagMutability to "IMMUTABLE".',
  controls: { fsbp: ["ECR.2"], wellArchitected: ["SEC11"] },
  resources: {
    "aws:ecr/repository:Repository": (repository: Resource<RepositoryArgs>, { must }) => {
      must(repository.at("imageTagMutability").or("MUTABLE"), beOneOf("IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"));
    },
  },
});
