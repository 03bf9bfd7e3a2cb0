import rule from "../../../../policies/rules/kubernetes/namespace-has-network-policy.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const policy = (namespace: unknown): FixtureResource => [
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  { metadata: { namespace } },
];
const shop: FixtureResource = [NAMESPACE, { metadata: { name: "shop" } }];
const says = "shop: the namespace has no NetworkPolicy; it must have one.";

export default casesOf(rule, {
  passes: {
    "a namespace with a policy": { given: { shop, deny: policy("shop") } },
    "a namespace with a policy that is made for it": { given: { shop: [NAMESPACE, {}], deny: policy(ref("shop", "metadata")) } },
  },
  fails: {
    "a namespace without one": { given: { shop }, says },
    "a namespace beside the policy of another": { given: { shop, deny: policy("bills") }, says },
  },
  unknown: {
    "a policy of which nobody knows where it is": {
      given: { shop, deny: policy(UNKNOWN) },
      open: "shop: deny.metadata.namespace",
    },
  },
});
