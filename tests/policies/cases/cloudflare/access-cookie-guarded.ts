import rule from "../../../../policies/rules/cloudflare/access-cookie-guarded.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";
const sound = { httpOnlyCookieAttribute: true, sameSiteCookieAttribute: "strict" };

export default casesOf(rule, {
  passes: {
    "an application with a guarded cookie": { given: [APPLICATION, sound] },
    "an application of another company": { given: [APPLICATION, { type: "saas" }] },
  },
  fails: {
    "an application that says nothing of it": {
      given: [APPLICATION, {}],
      says: 'sameSiteCookieAttribute is nothing; it must be one of "lax", "strict".',
    },
    "an application whose cookie scripts may read": {
      given: [APPLICATION, { ...sound, httpOnlyCookieAttribute: false }],
      says: "httpOnlyCookieAttribute is false; it must be true.",
    },
  },
  unknown: {
    "a word that is chosen later": {
      given: [APPLICATION, { ...sound, sameSiteCookieAttribute: UNKNOWN }],
      open: "sameSiteCookieAttribute",
    },
  },
  survives: {
    "httpOnlyCookieAttribute: left out": "scripts may not read it unless it is told otherwise",
    "type: *": "another kind has no cookie of ours",
  },
});
