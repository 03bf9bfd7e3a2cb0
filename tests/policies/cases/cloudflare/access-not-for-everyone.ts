import rule from "../../../../policies/rules/cloudflare/access-not-for-everyone.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const POLICY = "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy";
const team = { emailDomain: { domain: "example.com" } };
const FEWER = "fewer, or others by their name, are let in";

export default casesOf(rule, {
  passes: {
    "a policy for a team": { given: [POLICY, { decision: "allow", includes: [team] }] },
    "a policy that shuts everyone out": {
      given: [POLICY, { decision: "deny", includes: [{ everyone: {} }] }],
      cannotBreak: "what it denies, it does not allow",
    },
  },
  fails: {
    "a policy for everyone": {
      given: [POLICY, { decision: "allow", includes: [team, { everyone: {} }] }],
      says: "includes[1] is everyone; it must say who.",
    },
    "a policy that asks nobody": {
      given: [POLICY, { decision: "bypass", includes: [team] }],
      says: 'decision is "bypass"; it must ask who is there.',
    },
  },
  unknown: { "a decision that is taken later": { given: [POLICY, { decision: UNKNOWN, includes: [] }], open: "decision" } },
  survives: { "decision: *": "Cloudflare refuses what is no decision", "includes*": FEWER },
});
