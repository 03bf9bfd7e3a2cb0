import { beSet } from "../../framework/matchers.ts";
import { rule } from "../../framework/rule.ts";
import { ofContainers, SERVING } from "../../shared/pods.ts";

export default rule({
  id: "pod-says-when-ready",
  title: "A container says when it can take requests",
  severity: "medium",
  description:
    "Without a readiness probe a pod gets requests before it can answer, and an update goes on though the new version never starts.",
  remediation: "Set readinessProbe, best to a path that asks what the container itself needs.",
  controls: { wellArchitected: ["REL11", "REL08"] },
  resources: ofContainers(
    (container, { must }) => {
      must(container.at("readinessProbe"), beSet("say how to find out"));
    },
    { before: false, kinds: SERVING },
  ),
});
