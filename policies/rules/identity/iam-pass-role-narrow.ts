import { rule } from "../../framework/rule.ts";
import { covers, nameOf, ofIdentityPolicies } from "../../shared/iam.ts";

export default rule({
  id: "iam-pass-role-narrow",
  title: "Only named roles can be handed to a service",
  severity: "high",
  description:
    "Who may hand any role to a service starts a server or a function with the strongest role there is, and acts through it.",
  remediation: "Name the roles in Resource, or the services in a condition on iam:PassedToService.",
  controls: { wellArchitected: ["SEC03"] },
  resources: ofIdentityPolicies((statement, { each, fail }) => {
    const bound = statement
      .at("Condition")
      .entries.some(([, tests]) => tests.entries.some(([key]) => /^iam:(passedtoservice|associatedresourcearn)$/i.test(key)));
    const everyRole = statement
      .at("Resource")
      .items.some(({ value = "" }) => /^(\*|arn:aws[\w-]*:iam::[\d*]*:role\/\*)$/.test(value));
    if (bound || !everyRole) return;
    each(statement.at("Action"), (action) => {
      if (covers(action.value ?? "", "iam:PassRole"))
        fail(
          action,
          `${nameOf(statement)} lets every role be passed on`,
          "it must name the roles, or the services that receive them",
        );
    });
  }),
});
