import type { ConfigMapArgs } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { secretIn } from "../../shared/secrets.ts";

export default rule({
  id: "config-map-without-secrets",
  title: "A ConfigMap holds no secret",
  severity: "critical",
  description: "Whoever may look at the namespace reads its ConfigMaps; they are not encrypted, and no audit log says who did.",
  remediation: "Put the value into a Secret.",
  controls: { cisKubernetes: ["5.4.1"], wellArchitected: ["SEC02"] },
  resources: {
    "kubernetes:core/v1:ConfigMap": (map: Resource<ConfigMapArgs>, { apart, fail }) => {
      for (const [key, property] of map.at("data").entries)
        apart(() => {
          const text = property.value;
          const found = typeof text === "string" ? secretIn(`${key}=${text}`) : undefined;
          if (found !== undefined) fail(property, `${key} holds what looks like ${found}`, "it must hold no secret");
        });
    },
  },
});
