import type { ZeroTrustAccessApplicationArgs } from "@pulumi/cloudflare/zeroTrustAccessApplication.js";
import { beOneOf, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "access-cookie-guarded",
  title: "The login of an Access application cannot be read or sent by other pages",
  severity: "medium",
  description: "Without these words a script on the page reads the login, and another site sends it along.",
  remediation: 'Set httpOnlyCookieAttribute to true and sameSiteCookieAttribute to "lax" or "strict".',
  controls: { cloudflare: ["cloudflare-one/access-controls/access-settings/session-management"], wellArchitected: ["SEC02"] },
  resources: {
    "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": (
      application: Resource<ZeroTrustAccessApplicationArgs>,
      { must },
    ) => {
      // Other kinds, such as SaaS, have no cookie on a domain of ours.
      if ((application.at("type").value ?? "self_hosted") !== "self_hosted") return;
      must(application.at("httpOnlyCookieAttribute").or(true), beTrue);
      must(application.at("sameSiteCookieAttribute"), beOneOf("lax", "strict"));
    },
  },
});
