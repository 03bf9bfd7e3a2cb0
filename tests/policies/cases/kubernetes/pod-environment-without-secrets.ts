import rule from "../../../../policies/rules/kubernetes/pod-environment-without-secrets.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const NO_SECRET = "what is left is no secret";

export default podCases(rule, {
  good: { "a container with plain settings": { containers: [{ env: [{ name: "LOG_LEVEL", value: "info" }] }] } },
  bad: {
    "a container with a password": {
      pod: { containers: [{ env: [{ name: "DB_PASSWORD", value: "hunter2" }] }] },
      says: "DB_PASSWORD holds what looks like a password; it must hold no secret.",
    },
  },
  open: {
    "a value that is not known": {
      pod: { containers: [{ env: [{ name: "TABLE", value: UNKNOWN }] }] },
      open: "@.containers[0].env[0].value",
    },
  },
  survives: { "*.env*": NO_SECRET },
});
