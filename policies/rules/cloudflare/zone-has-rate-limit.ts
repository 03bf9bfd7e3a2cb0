import type { RulesetArgs } from "@pulumi/cloudflare/ruleset.js";
import type { ZoneArgs } from "@pulumi/cloudflare/zone.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { ZONE } from "../../shared/zones.ts";

export default rule({
  id: "zone-has-rate-limit",
  title: "A zone limits how often one client may ask",
  severity: "medium",
  description: "One client that tries passwords, or copies every page, takes the capacity of all.",
  remediation: 'Add a cloudflare.Ruleset of the phase "http_ratelimit" with the id of the zone.',
  controls: { cloudflare: ["waf/rate-limiting-rules"], wellArchitected: ["SEC05", "REL05"] },
  since: "scaled",
  inStack: {
    [ZONE]: (zone: Resource<ZoneArgs>, { fail }, stack) => {
      const found = stack.linked<RulesetArgs>("cloudflare:index/ruleset:Ruleset", "zoneId", zone);
      if (!found.some((ruleset) => ruleset.named.at("phase").value === "http_ratelimit"))
        fail(zone, "the zone has no Ruleset of the phase http_ratelimit", "it must have one");
    },
  },
});
