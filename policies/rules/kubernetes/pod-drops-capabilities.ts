import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

/** The only one that the restricted standard lets a container have (Kubernetes, "Pod Security Standards"). */
const HARMLESS = ["NET_BIND_SERVICE"];

export default rule({
  id: "pod-drops-capabilities",
  title: "A container gives up the powers of root",
  severity: "medium",
  description: "Without a word a container keeps a dozen powers of root, among them that of forging packets of others.",
  remediation: 'Set securityContext.capabilities.drop to ["ALL"], and add nothing but NET_BIND_SERVICE.',
  controls: { cisKubernetes: ["5.2.8", "5.2.9", "5.2.10"], wellArchitected: ["SEC06"] },
  resources: ofContainers((container, { apart, each, fail }) => {
    const capabilities = container.at("securityContext", "capabilities");
    apart(() => {
      const dropped = capabilities.at("drop");
      if (!dropped.items.some(({ value }) => value?.toUpperCase() === "ALL"))
        fail(dropped, `${dropped.path} is ${dropped.shown}`, 'it must include "ALL"');
    });
    each(capabilities.at("add"), (added) => {
      if (!HARMLESS.includes(added.value ?? ""))
        fail(added, `${added.path} is ${added.shown}`, "nothing but NET_BIND_SERVICE may be added");
    });
  }),
});
