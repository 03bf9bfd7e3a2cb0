import rule from "../../../../policies/rules/cloudflare/worker-without-secrets.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const WORKER = "cloudflare:index/workersScript:WorkersScript";
const bound = (type: unknown, name: string, text: unknown) => [WORKER, { bindings: [{ type, name, text }] }] as const;

export default casesOf(rule, {
  passes: {
    "a plain setting": { given: bound("plain_text", "LOG_LEVEL", "info") },
    "a secret that is bound as one": { given: bound("secret_text", "API_TOKEN", "hunter2") },
  },
  fails: {
    "a plain password": {
      given: bound("plain_text", "API_TOKEN", "hunter2"),
      says: 'API_TOKEN holds what looks like a password; its type must be "secret_text".',
    },
  },
  unknown: { "a text that is not known": { given: bound("plain_text", "ORIGIN", UNKNOWN), open: "bindings[0].text" } },
  survives: { "bindings*": "what is left is no secret, or is bound as one" },
});
