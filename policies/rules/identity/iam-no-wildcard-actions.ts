import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachAllowed, nameOf } from "../../shared/iam.ts";

export default rule({
  id: "iam-no-wildcard-actions",
  title: "No permission reaches over a whole service or all of them",
  severity: "high",
  description: "Whoever takes over such a role can do everything in the service, also what AWS adds to it next year.",
  remediation: 'Name the actions that are needed, such as "s3:GetObject" in place of "s3:*".',
  controls: { fsbp: ["IAM.1", "IAM.21"], cisAws3: ["1.16"], cisAws5: ["1.15"], wellArchitected: ["SEC03"] },
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: 'Wildcards that are accepted, such as "cloudwatch:*".',
    },
  },
  resources: {
    "aws:iam/policy:Policy": named,
    "aws:iam/rolePolicy:RolePolicy": named,
    "aws:iam/userPolicy:UserPolicy": named,
    "aws:iam/groupPolicy:GroupPolicy": named,
  },
});

function named(resource: Resource<{ policy?: unknown }>, check: Check<{ readonly allowed: readonly string[] }>): void {
  const { config, each, fail } = check;
  eachAllowed(resource.at("policy") as Property<unknown>, check, (statement) => {
    if (statement.at("NotAction").isSet)
      fail(
        statement.at("NotAction"),
        `${nameOf(statement)} allows all but its NotAction`,
        "it must name the actions that it allows",
      );
    each(statement.at("Action"), (action) => {
      const { value = "" } = action;
      if (/^\*$|^[^:]+:\*+$/.test(value) && !config.allowed.includes(value))
        fail(action, `${nameOf(statement)} allows ${value}`, "it must name the actions that it allows");
    });
  });
}
