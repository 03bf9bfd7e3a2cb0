import rule from "../../../../policies/rules/kubernetes/pod-without-host-paths.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: {
    "a pod with a folder of its own": { volumes: [{ name: "work", emptyDir: {} }] },
    "a pod without volumes": {},
  },
  bad: {
    "a pod with the socket of the node": {
      pod: {
        volumes: [
          { name: "work", emptyDir: {} },
          { name: "socket", hostPath: { path: "/run/containerd" } },
        ],
      },
      says: '@.volumes[1].hostPath is {"path":"/run/containerd"}; a pod must mount nothing of its node.',
    },
  },
  open: { "a volume that is chosen later": { pod: { volumes: [UNKNOWN] }, open: "@.volumes[0]" } },
  survives: { "*volumes*": "any other volume is none of the node" },
});
