import type { SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import { beAtLeast } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { skipThrowawayStacks, throwawayStacks } from "../../shared/throwaway.ts";

export default rule({
  id: "secret-deletion-slow",
  title: "A deleted secret can be brought back for a week",
  severity: "medium",
  description: "With a window of 0 a secret is gone at once, and with it whatever only it could open.",
  remediation: "Leave recoveryWindowInDays out, or set it to 7 or more.",
  controls: { wellArchitected: ["REL09", "SEC08"] },
  config: throwawayStacks,
  resources: {
    "aws:secretsmanager/secret:Secret": (secret: Resource<SecretArgs>, check) => {
      skipThrowawayStacks(secret, check);
      check.must(secret.at("recoveryWindowInDays").or(30), beAtLeast(7, "days"));
    },
  },
});
