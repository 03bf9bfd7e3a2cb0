import type { Property } from "../../framework/property.ts";
import { rule } from "../../framework/rule.ts";
import { ofZoneSetting } from "../../shared/zones.ts";

export default rule({
  id: "edge-hsts",
  title: "Browsers remember to come by HTTPS",
  severity: "medium",
  description: "Without the header the first request of a visit may be over HTTP, and whoever sits between answers it.",
  remediation:
    'Add a cloudflare.ZoneSetting with settingId "security_header" and value { strict_transport_security: { enabled: true, max_age: 15552000 } }.',
  controls: {
    cloudflare: ["ssl/edge-certificates/additional-options/http-strict-transport-security"],
    wellArchitected: ["SEC09"],
  },

  inStack: ofZoneSetting("security_header", "strict_transport_security, enabled for half a year or more", remembered),
});

/** Half a year: what Cloudflare asks for at least before a zone is put onto the list of browsers. */
const LEAST_SECONDS = 15_552_000;

function remembered(value: Property<unknown>): boolean {
  const header = value
    .as<{ readonly strict_transport_security?: { readonly enabled?: boolean; readonly max_age?: number } }>()
    .at("strict_transport_security");
  return header.at("enabled").value === true && (header.at("max_age").value ?? 0) >= LEAST_SECONDS;
}
