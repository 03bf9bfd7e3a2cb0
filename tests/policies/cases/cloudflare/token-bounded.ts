import rule from "../../../../policies/rules/cloudflare/token-bounded.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const TOKEN = "cloudflare:index/apiToken:ApiToken";
const condition = { requestIp: { ins: ["203.0.113.0/24"] } };

export default casesOf(rule, {
  passes: { "a token that ends": { given: [TOKEN, { expiresOn: "2027-03-31T00:00:00Z", condition }] } },
  fails: {
    "a token for ever and from anywhere": {
      given: [TOKEN, {}],
      says: [
        "expiresOn is nothing; it must say when it ends.",
        "condition.requestIp.ins is nothing; it must name the addresses.",
      ],
    },
  },
  unknown: { "an end that is decided later": { given: [TOKEN, { expiresOn: UNKNOWN, condition }], open: "expiresOn" } },
  survives: {
    "expiresOn: another text": "Cloudflare refuses what is no time",
    "condition.requestIp.ins[0]: *": "Cloudflare refuses what is no range",
  },
});
