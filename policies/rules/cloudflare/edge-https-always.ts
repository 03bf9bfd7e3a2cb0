import { rule } from "../../framework/rule.ts";
import { ofZoneSetting } from "../../shared/zones.ts";

export default rule({
  id: "edge-https-always",
  title: "The edge turns every request to HTTPS",
  severity: "medium",
  description: "A request over HTTP carries its cookies in the clear before anything can turn it away.",
  remediation: 'Add a cloudflare.ZoneSetting with settingId "always_use_https" and value "on".',
  controls: {
    cloudflare: ["ssl/edge-certificates/additional-options/always-use-https"],
    pci4: ["4.2.1"],
    wellArchitected: ["SEC09"],
  },

  inStack: ofZoneSetting("always_use_https", '"on"', ({ value }) => value === "on"),
});
