import rule from "../../../../policies/rules/kubernetes/pod-secrets-as-files.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const says = (path: string): string =>
  `@.containers[0].${path} puts a secret into the environment; it must be mounted as a file.`;
const NO_SECRET = "what else stands in the environment comes from no secret";

export default podCases(rule, {
  good: {
    "a container with plain settings": {
      containers: [{ env: [{ name: "LOG_LEVEL", value: "info" }], envFrom: [{ configMapRef: { name: "shop" } }] }],
    },
  },
  bad: {
    "a container with a secret in a variable": {
      pod: { containers: [{ env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "shop", key: "token" } } }] }] },
      says: says("env[0].valueFrom.secretKeyRef"),
    },
    "a container with a whole secret in its environment": {
      pod: { containers: [{ envFrom: [{ secretRef: { name: "shop" } }] }] },
      says: says("envFrom[0].secretRef"),
    },
  },
  open: {
    "a source that is chosen later": {
      pod: { containers: [{ env: [{ name: "TOKEN", valueFrom: UNKNOWN }] }] },
      open: "@.containers[0].env[0].valueFrom",
    },
  },
  survives: { "*.env*": NO_SECRET },
});
