import rule from "../../../../policies/rules/kubernetes/config-map-without-secrets.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const MAP = "kubernetes:core/v1:ConfigMap";

export default casesOf(rule, {
  passes: { "a map of plain settings": { given: [MAP, { data: { LOG_LEVEL: "info" } }] } },
  fails: {
    "a map with a password": {
      given: [MAP, { data: { LOG_LEVEL: "info", DB_PASSWORD: "hunter2" } }],
      says: "DB_PASSWORD holds what looks like a password; it must hold no secret.",
    },
    "a map with a file that holds one": {
      given: [MAP, { data: { "shop.yaml": "level: info\napi_key: abcdef123456\n" } }],
      says: "shop.yaml holds what looks like a password; it must hold no secret.",
    },
  },
  unknown: {
    "a value that is not known, beside a password": {
      given: [MAP, { data: { HOST: UNKNOWN, TOKEN: "hunter2" } }],
      open: "data.HOST",
      says: "TOKEN holds what looks like a password; it must hold no secret.",
    },
  },
  survives: { "data*: *": "what is left is no secret" },
});
