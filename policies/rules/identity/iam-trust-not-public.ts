import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachAllowed, isOpenToEveryone, nameOf } from "../../shared/iam.ts";

export default rule({
  id: "iam-trust-not-public",
  title: "No role can be taken by everyone",
  severity: "critical",
  description: "With such a trust policy, anyone with an AWS account may take the role and do what it may.",
  remediation: "Name the services, roles or accounts that take the role in Principal.",
  controls: { wellArchitected: ["SEC03"] },
  resources: {
    "aws:iam/role:Role": (role: Resource<RoleArgs>, check) => {
      eachAllowed(role.at("assumeRolePolicy"), check, (statement) => {
        if (isOpenToEveryone(statement))
          check.fail(statement, `${nameOf(statement)} lets everyone take the role`, "it must name who may");
      });
    },
  },
});
