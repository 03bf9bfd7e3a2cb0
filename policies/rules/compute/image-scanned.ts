import type { RepositoryArgs } from "@pulumi/aws/ecr/repository.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "image-scanned",
  title: "An image is searched for known vulnerabilities when it is pushed",
  severity: "high",
  description: "What is not searched is deployed with the faults that everyone can look up.",
  remediation:
    "Set imageScanningConfiguration.scanOnPush to true, or switch on enhanced scanning with an aws.ecr.RegistryScanningConfiguration.",
  controls: { fsbp: ["ECR.1"], pci4: ["6.3.3"], wellArchitected: ["SEC06"] },
  inStack: {
    "aws:ecr/repository:Repository": (repository: Resource<RepositoryArgs>, { must }, stack) => {
      // A configuration of the registry holds for all repositories, and takes the place of their own.
      if (stack.ofType("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration").length === 0)
        must(repository.at("imageScanningConfiguration", "scanOnPush"), beTrue);
    },
  },
});
