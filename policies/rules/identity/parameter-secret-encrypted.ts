import type { ParameterArgs } from "@pulumi/aws/ssm/parameter.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { secretIn } from "../../shared/secrets.ts";

export default rule({
  id: "parameter-secret-encrypted",
  title: "A parameter that holds a secret is encrypted",
  severity: "high",
  description:
    "A plain parameter is read by everyone who may read parameters, and stands in the console and in the state of the stack.",
  remediation: 'Set type to "SecureString", with a keyId of your own.',
  controls: { pci4: ["3.5.1"], wellArchitected: ["SEC02", "SEC08"] },
  resources: {
    "aws:ssm/parameter:Parameter": (parameter: Resource<ParameterArgs>, { apart, fail }) => {
      if (parameter.at("type").value === "SecureString") return;
      for (const field of ["value", "insecureValue"] as const)
        apart(() => {
          const holder = parameter.at(field);
          const name = (parameter.at("name").value ?? parameter.name).split("/").at(-1) ?? "";
          const found = secretIn(`${name}=${holder.value ?? ""}`);
          if (found !== undefined) fail(holder, `${field} holds what looks like ${found}`, 'type must be "SecureString"');
        });
    },
  },
});
