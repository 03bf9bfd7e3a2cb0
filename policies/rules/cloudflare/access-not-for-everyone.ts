import type { ZeroTrustAccessPolicyArgs } from "@pulumi/cloudflare/zeroTrustAccessPolicy.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "access-not-for-everyone",
  title: "No Access policy lets everyone in",
  severity: "critical",
  description:
    "A policy of bypass, or one that includes everyone, puts an inner tool onto the internet behind a page that looks like a login.",
  remediation: "Include groups, addresses of mail or an identity provider, and use bypass for nothing.",
  controls: { cloudflare: ["cloudflare-one/access-controls/policies"], pci4: ["7.2.1"], wellArchitected: ["SEC03"] },
  resources: {
    "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": (
      policy: Resource<ZeroTrustAccessPolicyArgs>,
      { each, fail },
    ) => {
      const decision = policy.at("decision");
      if (decision.value === "deny") return;
      if (decision.value === "bypass") fail(decision, 'decision is "bypass"', "it must ask who is there");
      each(policy.at("includes"), (include) => {
        const { everyone } = (include.value ?? {}) as { readonly everyone?: unknown };
        if (everyone !== undefined) fail(include, `${include.path} is everyone`, "it must say who");
      });
    },
  },
});
