import rule from "../../../../policies/rules/kubernetes/pod-without-host-ports.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

export default podCases(rule, {
  good: { "a container with a port of its own": { containers: [{ ports: [{ containerPort: 8080 }] }] } },
  bad: {
    "a container with a port of the node": {
      pod: { containers: [{ ports: [{ containerPort: 8080, hostPort: 80 }] }] },
      says: "@.containers[0].ports[0].hostPort is 80; it must be left out.",
    },
  },
  open: {
    "a port that is decided later": {
      pod: { containers: [{ ports: [{ hostPort: UNKNOWN }] }] },
      open: "@.containers[0].ports[0].hostPort",
    },
  },
  survives: {
    "*.ports*: left out": "no port is taken",
    "*.ports*: empty": "no port is taken",
    "*.containerPort: *": "a port of its own",
  },
});
