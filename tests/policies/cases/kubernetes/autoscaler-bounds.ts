import rule from "../../../../policies/rules/kubernetes/autoscaler-bounds.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

export default casesOf(rule, {
  passes: { "an autoscaler of two to ten": { given: [SCALER, { spec: { minReplicas: 2, maxReplicas: 10 } }] } },
  fails: {
    "an autoscaler that says nothing of the least": {
      given: [SCALER, { spec: { maxReplicas: 10 } }],
      says: "spec.minReplicas is nothing, which means 1; it must be at least 2 pods.",
    },
    "an autoscaler that cannot grow": {
      given: [SCALER, { spec: { minReplicas: 3, maxReplicas: 3 } }],
      says: "spec.maxReplicas is 3; it must be more than minReplicas, which is 3.",
    },
  },
  unknown: {
    "a limit that is decided later": {
      given: [SCALER, { spec: { minReplicas: 1, maxReplicas: UNKNOWN } }],
      open: "spec.maxReplicas",
      says: "spec.minReplicas is 1; it must be at least 2 pods.",
    },
  },
});
