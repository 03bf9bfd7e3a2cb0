import { rule } from "../../framework/rule.ts";
import { ofZoneSetting } from "../../shared/zones.ts";

export default rule({
  id: "edge-tls-13",
  title: "The edge offers TLS 1.3",
  severity: "low",
  description: "TLS 1.3 is one round trip faster for each new visitor, and has none of the weak ciphers.",
  remediation: 'Add a cloudflare.ZoneSetting with settingId "tls_1_3" and value "on".',
  controls: { cloudflare: ["ssl/edge-certificates/additional-options/tls-13"], wellArchitected: ["PERF04", "SEC09"] },
  level: "advisory",
  inStack: ofZoneSetting("tls_1_3", '"on" or "zrt"', ({ value }) => value === "on" || value === "zrt"),
});
