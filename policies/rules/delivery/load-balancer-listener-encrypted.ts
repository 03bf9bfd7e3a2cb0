import type { ListenerArgs } from "@pulumi/aws/lb/listener.js";
import type { LoadBalancerArgs as ClassicArgs } from "@pulumi/aws/elb/loadBalancer.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { ofListeners, protocolOf } from "../../shared/load-balancers.ts";

export default rule({
  id: "load-balancer-listener-encrypted",
  title: "Whoever speaks to a load balancer speaks TLS",
  severity: "medium",
  description: "What a load balancer passes on as it comes is encrypted only when client and server both think of it.",
  remediation:
    'Set protocol to "HTTPS" or "TLS" and name a certificate. Where the server ends TLS itself, exempt the listener and say so.',
  controls: { fsbp: ["ELB.3", "ELB.18"], wellArchitected: ["SEC09"] },
  level: "advisory",
  resources: {
    ...ofListeners((listener, { must }) => {
      const protocol = protocolOf(listener);
      if (protocol === undefined || (protocol === "HTTP" && onlyRedirects(listener))) return;
      must(listener.at("protocol").or("HTTP"), beOneOf("HTTPS", "TLS"));
    }),
    "aws:elb/loadBalancer:LoadBalancer": (balancer: Resource<ClassicArgs>, { each, must }) => {
      each(balancer.at("listeners"), (listener) => must(listener.at("lbProtocol"), beOneOf("HTTPS", "SSL", "https", "ssl")));
    },
  },
});

function onlyRedirects(listener: Resource<ListenerArgs>): boolean {
  return listener.at("defaultActions").items.every((action) => action.at("type").value === "redirect");
}
