import { be } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofListeners, protocolOf } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-http-redirected",
  title: "A load balancer answers plain HTTP with nothing but the way to HTTPS",
  severity: "high",
  description:
    "Whoever types an address begins with plain HTTP. Answered there, the session and all it shows are readable on the way.",
  remediation:
    'Give the HTTP listener one default action of the type "redirect", with redirect.protocol "HTTPS" and redirect.port "443".',
  controls: { fsbp: ["ELB.1"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: ofListeners((listener, { each, must }) => {
    if (protocolOf(listener) !== "HTTP") return;
    each(listener.at("defaultActions"), (action) => {
      if (action.at("type").value !== "redirect") must(action.at("type"), be("redirect"));
      else must(action.at("redirect", "protocol").or("#{protocol}"), be("HTTPS"));
    });
  }),
});
