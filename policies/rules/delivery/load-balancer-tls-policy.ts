import { fit } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofListeners, protocolOf } from "../../shared/load-balancers.ts";

/**
 * The security policies with TLS 1.3 and 1.2 and no ciphers for older clients, as control ELB.17 lists them; later ones add
 * `PQ`, for keys that quantum computers do not break (Elastic Load Balancing, "Security policies").
 */
const STRONG = /^ELBSecurityPolicy-TLS13-1-[23](-Res)?(-FIPS)?(-PQ)?-\d{4}-\d{2}$/;

export default rule({
  id: "load-balancer-tls-policy",
  title: "A load balancer takes TLS 1.2 and 1.3 only",
  severity: "medium",
  description:
    "A listener that names no policy takes TLS 1.0 as well, when it was not made in the console. Its weaknesses let a listener on the way read the session.",
  remediation: 'Set sslPolicy to "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09".',
  controls: { fsbp: ["ELB.17"], pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: ofListeners((listener, { must }) => {
    if (["HTTPS", "TLS"].includes(protocolOf(listener) ?? ""))
      must(
        listener.at("sslPolicy").or("ELBSecurityPolicy-2016-08"),
        fit("name a policy of TLS 1.3 and 1.2 only, such as ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", (name = "") =>
          STRONG.test(name)),
      );
  }),
});
