import { rule } from "../../framework/rule.ts";
import { ofPods } from "../../shared/pods.ts";

export default rule({
  id: "pod-own-account",
  title: "A pod has a service account of its own",
  severity: "medium",
  description: "Whatever one pod needs and is given to the default account, every pod of the namespace has.",
  remediation: "Add a ServiceAccount, and name it in serviceAccountName.",
  controls: { cisKubernetes: ["5.1.5"], wellArchitected: ["SEC03"] },
  resources: ofPods((pod, { fail }, { propertyDependencies }) => {
    const account = pod.at("serviceAccountName");
    // The name of an account that is made in the same program is in the end another than this.
    const { spec: sources = [] } = propertyDependencies;
    if (sources.some((urn) => urn.includes("kubernetes:core/v1:ServiceAccount::"))) return;
    if (["", "default"].includes(account.value ?? ""))
      fail(account, `${account.path} is ${account.shown}`, "it must name an account of its own");
  }),
});
