import type { ApiTokenArgs } from "@pulumi/cloudflare/apiToken.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "token-bounded",
  title: "A token of Cloudflare's API ends one day, and works from known addresses only",
  severity: "medium",
  description: "A token that never ends works for whoever finds it in an old log, from anywhere.",
  remediation: "Set expiresOn, and condition.requestIp.ins.",
  controls: { cloudflare: ["fundamentals/api/how-to/restrict-tokens"], pci4: ["3.7.4"], wellArchitected: ["SEC02"] },
  resources: {
    "cloudflare:index/apiToken:ApiToken": (token: Resource<ApiTokenArgs>, { must }) => {
      must(token.at("expiresOn"), beSet("say when it ends"));
      must(token.at("condition", "requestIp", "ins"), beSet("name the addresses"));
    },
  },
});
