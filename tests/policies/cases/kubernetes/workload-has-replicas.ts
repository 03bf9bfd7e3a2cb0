import rule from "../../../../policies/rules/kubernetes/workload-has-replicas.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const scaler = (name: unknown): FixtureResource => [
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  { spec: { scaleTargetRef: { name } } },
];
const ONE = "shop: spec.replicas is nothing, which means 1; it must be at least 2.";

export default casesOf(rule, {
  passes: {
    "a deployment of two": { given: { shop: [DEPLOYMENT, { spec: { replicas: 2 } }] } },
    "a deployment with an autoscaler": {
      given: { shop: [DEPLOYMENT, { metadata: { name: "shop" } }], scaler: scaler("shop") },
    },
    "a deployment with an autoscaler that is made for it": {
      given: { shop: [DEPLOYMENT, {}], scaler: scaler(ref("shop", "metadata")) },
    },
  },
  fails: {
    "a deployment of one": {
      given: { shop: [DEPLOYMENT, { spec: { replicas: 1 } }] },
      says: "shop: spec.replicas is 1; it must be at least 2.",
    },
    "a deployment that says nothing of it": { given: { shop: [DEPLOYMENT, {}] }, says: ONE },
    "a number beside an autoscaler": {
      given: { shop: [DEPLOYMENT, { metadata: { name: "shop" }, spec: { replicas: 3 } }], scaler: scaler("shop") },
      says: "shop: spec.replicas is 3 beside an autoscaler; it must be left out.",
    },
    "a deployment beside the autoscaler of another": {
      given: { shop: [DEPLOYMENT, { metadata: { name: "shop" } }], scaler: scaler("bills") },
      says: ONE,
    },
  },
  unknown: {
    "a number that is decided later": {
      given: { shop: [DEPLOYMENT, { spec: { replicas: UNKNOWN } }] },
      open: "shop: spec.replicas",
    },
    "an autoscaler of which nobody knows whose it is": {
      given: { shop: [DEPLOYMENT, {}], scaler: scaler(UNKNOWN) },
      open: "shop: scaler.spec.scaleTargetRef.name",
    },
  },
});
