import type { IngressArgs } from "@pulumi/kubernetes/networking/v1/ingress.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** How an Ingress of AWS names its certificate (AWS Load Balancer Controller, "Ingress annotations"). */
const CERTIFICATE = "alb.ingress.kubernetes.io/certificate-arn";

export default rule({
  id: "ingress-tls",
  title: "An Ingress answers over TLS",
  severity: "high",
  description: "Without TLS, logins and sessions pass through the internet as they are.",
  remediation: `Set spec.tls, or the annotation ${CERTIFICATE}.`,
  controls: { pci4: ["4.2.1"], wellArchitected: ["SEC09"] },
  resources: {
    "kubernetes:networking.k8s.io/v1:Ingress": (ingress: Resource<IngressArgs>, { fail }) => {
      const tls = ingress.at("spec", "tls");
      // A certificate that is made in the same program is one, whatever its ARN will be.
      const { metadata: sources = [] } = ingress.propertyDependencies;
      if (sources.some((urn) => urn.includes("aws:acm/certificate:Certificate::"))) return;
      if (!tls.isSet && !ingress.at("metadata", "annotations").at(CERTIFICATE).isSet)
        fail(tls, "the Ingress has no certificate", "spec.tls or an annotation must name one");
    },
  },
});
