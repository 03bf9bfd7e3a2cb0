import rule from "../../../../policies/rules/kubernetes/pod-drops-capabilities.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const holding = (capabilities: unknown) => ({ containers: [{ securityContext: { capabilities } }] });

export default podCases(rule, {
  good: {
    "a container without powers": holding({ drop: ["ALL"] }),
    "a container with a port below 1024": holding({ drop: ["ALL"], add: ["NET_BIND_SERVICE"] }),
  },
  bad: {
    "a container that says nothing of it": {
      pod: { containers: [{}] },
      says: '@.containers[0].securityContext.capabilities.drop is nothing; it must include "ALL".',
    },
    "a container that takes power over the network": {
      pod: holding({ drop: ["ALL"], add: ["NET_BIND_SERVICE", "NET_ADMIN"] }),
      says: '@.containers[0].securityContext.capabilities.add[1] is "NET_ADMIN"; nothing but NET_BIND_SERVICE may be added.',
    },
    "a container that gives up one": {
      pod: holding({ drop: ["NET_RAW"] }),
      says: '@.containers[0].securityContext.capabilities.drop is ["NET_RAW"]; it must include "ALL".',
    },
  },
  open: {
    "powers that are decided later": {
      pod: holding({ drop: UNKNOWN, add: ["SYS_ADMIN"] }),
      open: "@.containers[0].securityContext.capabilities.drop",
      says: '@.containers[0].securityContext.capabilities.add[0] is "SYS_ADMIN"; nothing but NET_BIND_SERVICE may be added.',
    },
  },
  survives: { "*.add*: left out": "less is added", "*.add: empty": "less is added" },
});
