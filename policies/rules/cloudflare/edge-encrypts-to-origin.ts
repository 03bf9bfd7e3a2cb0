import { rule } from "../../framework/rule.ts";
import { ofZoneSetting } from "../../shared/zones.ts";

export default rule({
  id: "edge-encrypts-to-origin",
  title: "The edge speaks to the origin over TLS, and checks its certificate",
  severity: "high",
  description: "Under flexible the last part of the way is in the clear; under full, anybody may answer in place of the origin.",
  remediation: 'Add a cloudflare.ZoneSetting with settingId "ssl" and value "strict".',
  controls: { cloudflare: ["ssl/origin-configuration/ssl-modes/full-strict"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },

  inStack: ofZoneSetting("ssl", '"strict"', ({ value }) => value === "strict"),
});
