import { beTrue } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-root-read-only",
  title: "A container cannot change its own program",
  severity: "medium",
  description:
    "On a root file system that can be written, an intruder leaves programs of his own and changes the ones that are there.",
  remediation: "Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program writes.",
  controls: { cisKubernetes: ["5.7.3"], wellArchitected: ["SEC06"] },

  resources: ofContainers((container, { must }) => must(container.at("securityContext", "readOnlyRootFilesystem"), beTrue)),
});
