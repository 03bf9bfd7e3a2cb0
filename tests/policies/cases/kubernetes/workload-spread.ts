import rule from "../../../../policies/rules/kubernetes/workload-spread.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const ANY = "Kubernetes refuses what keeps nothing apart";

export default podCases(rule, {
  good: {
    "pods that are spread over zones": { topologySpreadConstraints: [{ topologyKey: "topology.kubernetes.io/zone" }] },
    "pods that keep apart": { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } },
  },
  bad: {
    "pods of which nothing is said": {
      pod: {},
      says: "nothing keeps the pods apart; topologySpreadConstraints or a podAntiAffinity must.",
    },
  },
  open: {
    "constraints that are decided later": { pod: { topologySpreadConstraints: UNKNOWN }, open: "@.topologySpreadConstraints" },
  },
  survives: { "*.topologySpreadConstraints[0]*": ANY, "*.podAntiAffinity.*": ANY },
});
