import type { WorkersScriptArgs } from "@pulumi/cloudflare/workersScript.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { secretIn } from "../../shared/secrets.ts";

export default rule({
  id: "worker-without-secrets",
  title: "The plain settings of a Worker hold no secret",
  severity: "critical",
  description: "Everyone who may open the dashboard reads the plain settings of a Worker.",
  remediation: 'Use a binding of the type "secret_text", or "secrets_store_secret".',
  controls: { cloudflare: ["workers/configuration/secrets"], wellArchitected: ["SEC02"] },
  resources: {
    "cloudflare:index/workersScript:WorkersScript": (worker: Resource<WorkersScriptArgs>, { each, fail }) => {
      each(worker.at("bindings"), (binding) => {
        if (binding.at("type").value !== "plain_text") return;
        const name = binding.at("name").value ?? "";
        const text = binding.at("text");
        const found = secretIn(`${name}=${text.value ?? ""}`);
        if (found !== undefined) fail(text, `${name} holds what looks like ${found}`, 'its type must be "secret_text"');
      });
    },
  },
});
