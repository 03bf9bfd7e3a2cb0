import rule from "../../../../policies/rules/kubernetes/service-not-on-nodes.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SERVICE = "kubernetes:core/v1:Service";
const INSIDE = "a service stays inside the cluster unless it is told otherwise";

export default casesOf(rule, {
  passes: { "a service inside the cluster": { given: [SERVICE, { spec: { type: "ClusterIP" } }] } },
  fails: {
    "a service on every node": {
      given: [SERVICE, { spec: { type: "NodePort" } }],
      says: 'spec.type is "NodePort"; it must not be "NodePort".',
    },
  },
  unknown: { "a type that is chosen later": { given: [SERVICE, { spec: { type: UNKNOWN } }], open: "spec.type" } },
  survives: { "spec*: *": INSIDE },
});
