import { rule } from "../../framework/rule.ts";
import { ofZoneSetting } from "../../shared/zones.ts";

export default rule({
  id: "edge-tls-version",
  title: "The edge refuses TLS of old",
  severity: "high",
  description: "TLS 1.0 and 1.1 have been broken for years; the card schemes forbid them.",
  remediation: 'Add a cloudflare.ZoneSetting with settingId "min_tls_version" and value "1.2".',
  controls: { cloudflare: ["ssl/edge-certificates/additional-options/minimum-tls"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },

  inStack: ofZoneSetting("min_tls_version", '"1.2" or "1.3"', ({ value }) => value === "1.2" || value === "1.3"),
});
