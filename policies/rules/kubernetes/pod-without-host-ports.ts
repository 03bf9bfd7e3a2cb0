import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-without-host-ports",
  title: "A container takes no port of its node",
  severity: "medium",
  description: "A port of the node is reached past services and network policies, and no second pod fits on that node.",
  remediation: "Leave hostPort out, and reach the pod through a Service.",
  controls: { cisKubernetes: ["5.2.13"], wellArchitected: ["SEC05"] },
  resources: ofContainers((container, { each, fail }) => {
    each(container.at("ports"), (port) => {
      const taken = port.at("hostPort");
      if (taken.isSet) fail(taken, `${taken.path} is ${taken.shown}`, "it must be left out");
    });
  }),
});
