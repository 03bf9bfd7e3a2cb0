import { beSet } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-requests",
  title: "A container says how much it needs, and how much memory it may take",
  severity: "medium",
  description:
    "Without requests a node is filled until everything on it is slow; without a limit one leak takes the memory of all.",
  remediation: "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory.",
  controls: { wellArchitected: ["REL07", "COST06"] },
  resources: ofContainers((container, { must }) => {
    const { requests, limits } = { requests: container.at("resources", "requests"), limits: container.at("resources", "limits") };
    must(requests.at("cpu"), beSet());
    must(requests.at("memory"), beSet());
    must(limits.at("memory"), beSet());
  }),
});
