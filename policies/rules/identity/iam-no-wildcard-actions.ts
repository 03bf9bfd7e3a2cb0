import { rule } from "../../framework/rule.ts";
import { nameOf, ofIdentityPolicies } from "../../shared/iam.ts";

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
  resources: ofIdentityPolicies<{ readonly allowed: readonly string[] }>((statement, { config, each, fail }) => {
    if (statement.at("NotAction").isSet)
      fail(
        statement.at("NotAction"),
        `${nameOf(statement)} allows all but its NotAction`,
        "it must name the actions that it allows",
      );
    each(statement.at("Action"), (action) => {
      const { value = "" } = action;
      if (/^\*+$|^[^:]+:\*+$/.test(value) && !config.allowed.includes(value))
        fail(action, `${nameOf(statement)} allows ${value}`, "it must name the actions that it allows");
    });
  }),
});
