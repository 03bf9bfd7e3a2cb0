import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-secrets-as-files",
  title: "A container reads its secrets from files",
  severity: "low",
  description:
    "An environment is passed on to every child process, printed in crash reports, and stays as it was when a secret is renewed.",
  remediation: "Mount the Secret as a volume, and read the file.",
  controls: { cisKubernetes: ["5.4.1"], wellArchitected: ["SEC02"] },
  level: "advisory",
  resources: ofContainers((container, { each, fail }) => {
    each(container.at("env"), (variable) => {
      const source = variable.at("valueFrom", "secretKeyRef");
      if (source.isSet) fail(source, `${source.path} puts a secret into the environment`, "it must be mounted as a file");
    });
    each(container.at("envFrom"), (variables) => {
      const source = variables.at("secretRef");
      if (source.isSet) fail(source, `${source.path} puts a secret into the environment`, "it must be mounted as a file");
    });
  }),
});
