import type { RulesetArgs } from "@pulumi/cloudflare/ruleset.js";
import type { ZoneArgs } from "@pulumi/cloudflare/zone.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { ZONE } from "../../shared/zones.ts";

export default rule({
  id: "zone-has-managed-rules",
  title: "A zone turns away known attacks",
  severity: "medium",
  description: "Known attacks reach the origin, and each costs a run of what is behind it.",
  remediation: 'Add a cloudflare.Ruleset of the phase "http_request_firewall_managed" with the id of the zone.',
  controls: { cloudflare: ["waf/managed-rules"], wellArchitected: ["SEC05"] },
  since: "scaled",
  inStack: {
    [ZONE]: (zone: Resource<ZoneArgs>, { fail }, stack) => {
      const found = stack.linked<RulesetArgs>("cloudflare:index/ruleset:Ruleset", "zoneId", zone);
      if (!found.some((ruleset) => ruleset.named.at("phase").value === "http_request_firewall_managed"))
        fail(zone, "the zone has no Ruleset of the phase http_request_firewall_managed", "it must have one");
    },
  },
});
