import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { eachAllowed, nameOf, type Statement } from "../../shared/iam.ts";

export default rule({
  id: "iam-oidc-bound",
  title: "A role that is taken by a token from outside says whose tokens it takes",
  severity: "critical",
  description:
    "GitHub, GitLab and others sign tokens for all of their users alike. A role that does not look at the subject can be taken from every repository there is.",
  remediation:
    'Add a condition on the subject, such as StringEquals "token.actions.githubusercontent.com:sub": "repo:OWNER/REPO:ref:refs/heads/main".',
  controls: { wellArchitected: ["SEC02"] },
  resources: {
    "aws:iam/role:Role": (role: Resource<RoleArgs>, check) => {
      eachAllowed(role.at("assumeRolePolicy"), check, (statement) => {
        if (takesTokens(statement) && !namesSubject(statement))
          check.fail(
            statement,
            `${nameOf(statement)} takes every token of its provider`,
            "it must name the subjects that it takes",
          );
      });
    },
  },
});

/** Cognito and SAML have conditions of other names. EKS has a provider a cluster, and the subject there is a service account. */
function takesTokens(statement: Property<Statement>): boolean {
  if (!statement.at("Action").items.some(({ value }) => value === "sts:AssumeRoleWithWebIdentity")) return false;
  const providers = statement.at("Principal").as<{ Federated?: unknown }>().at("Federated").items;
  return providers.some(({ value }) => value !== "cognito-identity.amazonaws.com");
}

/** A condition whose key ends with `:sub` (or `:repository`, `:aud` alone is the same for all), with a value that is not `*`. */
function namesSubject(statement: Property<Statement>): boolean {
  return statement
    .at("Condition")
    .entries.some(
      ([operator, tests]) =>
        !/not|ifexists/i.test(operator) &&
        tests.entries.some(
          ([key, values]) =>
            /:(sub|repository|repository_id|job_workflow_ref)$/i.test(key) &&
            values.isSet &&
            values.items.every(({ value }) => !/^(\*|repo:\*.*)?$/.test(String(value))),
        ),
    );
}
