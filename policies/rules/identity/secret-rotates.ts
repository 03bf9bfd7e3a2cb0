import type { SecretArgs } from "@pulumi/aws/secretsmanager/secret.js";
import type { SecretRotationArgs } from "@pulumi/aws/secretsmanager/secretRotation.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "secret-rotates",
  title: "A secret is renewed by itself",
  severity: "medium",
  description: "A secret that never changes is still good for whoever copied it years ago.",
  remediation: "Add an aws.secretsmanager.SecretRotation with automaticallyAfterDays of 90 or less.",
  controls: { fsbp: ["SecretsManager.1", "SecretsManager.4"], pci4: ["3.7.4"], wellArchitected: ["SEC02"] },
  level: "advisory",
  config: { mostDays: { type: "integer", default: 90, minimum: 1, maximum: 1000, description: "Most days between renewals." } },
  inStack: {
    "aws:secretsmanager/secret:Secret": (secret: Resource<SecretArgs>, { config, fail }, stack) => {
      const [rotation] = stack.linked<SecretRotationArgs>("aws:secretsmanager/secretRotation:SecretRotation", "secretId", secret);
      if (rotation === undefined) {
        fail(secret, "the secret has no SecretRotation", "it must have one");
        return;
      }
      const rules = rotation.named.at("rotationRules");
      // A schedule says when, and cannot be less often than every 999 days.
      if (rules.at("scheduleExpression").isSet) return;
      const days = rules.at("automaticallyAfterDays");
      if (days.value === undefined || days.value > config.mostDays)
        fail(days, `${days.path} is ${days.shown}`, `it must be at most ${String(config.mostDays)} days`);
    },
  },
});
