import rule from "../../../../policies/rules/kubernetes/pod-requests.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const sound = { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "256Mi" } };

export default podCases(rule, {
  good: { "a container that says what it needs": { containers: [{ resources: sound }] } },
  bad: {
    "a container that says nothing": {
      pod: { containers: [{}] },
      says: ["requests.cpu", "requests.memory", "limits.memory"].map(
        (path) => `@.containers[0].resources.${path} is nothing; it must be set.`,
      ),
    },
    "a container without a limit": {
      pod: { containers: [{ resources: { requests: sound.requests } }] },
      says: "@.containers[0].resources.limits.memory is nothing; it must be set.",
    },
  },
  open: {
    "a limit that is decided later": {
      pod: { containers: [{ resources: { ...sound, limits: { memory: UNKNOWN } } }] },
      open: "@.containers[0].resources.limits.memory",
    },
  },
  survives: {
    "*.cpu: another text": "Kubernetes refuses what is no amount",
    "*.memory: another text": "Kubernetes refuses what is no amount",
  },
});
