import type { ZoneDnssecArgs } from "@pulumi/cloudflare/zoneDnssec.js";
import type { ZoneArgs } from "@pulumi/cloudflare/zone.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { ZONE } from "../../shared/zones.ts";

export default rule({
  id: "zone-dnssec",
  title: "The answers of a zone are signed",
  severity: "medium",
  description: "Without DNSSEC whoever sits between a resolver and Cloudflare says where the names lead.",
  remediation: 'Add a cloudflare.ZoneDnssec with status "active", and its DS record at the registrar.',
  controls: { cloudflare: ["dns/dnssec"], wellArchitected: ["SEC09"] },

  inStack: {
    [ZONE]: (zone: Resource<ZoneArgs>, { fail }, stack) => {
      const found = stack.linked<ZoneDnssecArgs>("cloudflare:index/zoneDnssec:ZoneDnssec", "zoneId", zone);
      if (!found.some((dnssec) => dnssec.named.at("status").value === "active"))
        fail(zone, "the zone has no active ZoneDnssec", "it must have one");
    },
  },
});
