import rule from "../../../../policies/rules/kubernetes/ingress-tls.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const CERTIFICATE = "alb.ingress.kubernetes.io/certificate-arn";
const annotated = (arn: unknown) => ({ metadata: { annotations: { [CERTIFICATE]: arn } } });
const says = "the Ingress has no certificate; spec.tls or an annotation must name one.";

export default casesOf(rule, {
  passes: {
    "an Ingress with a certificate of the cluster": { given: [INGRESS, { spec: { tls: [{ secretName: "shop-tls" }] } }] },
    "an Ingress with a certificate of AWS": { given: [INGRESS, annotated("arn:aws:acm:eu-central-1:1:certificate/1")] },
    "an Ingress with a certificate that is made with it": {
      given: { certificate: ["aws:acm/certificate:Certificate", {}], shop: [INGRESS, annotated(ref("certificate", "arn"))] },
      cannotBreak: "the case before shows what happens without the certificate",
    },
  },
  fails: {
    "an Ingress without one": { given: [INGRESS, { spec: { rules: [{ host: "shop.example.com" }] } }], says },
  },
  unknown: {
    "a certificate that nobody knows": { given: [INGRESS, annotated(UNKNOWN)], open: `metadata.annotations["${CERTIFICATE}"]` },
  },
  survives: {
    "spec.tls[0]*": "without a name the controller has a certificate of its own",
    "metadata.*: another text": "another certificate is one as well",
  },
});
