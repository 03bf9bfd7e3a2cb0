import rule from "../../../../policies/rules/delivery/cdn-origin-failover.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const pair = { originId: "web", members: [{ originId: "frankfurt" }, { originId: "dublin" }] };
const REFUSED = "AWS refuses a group that is not complete";

export default casesOf(rule, {
  passes: { "a network with a pair of origins": { given: [CDN, { originGroups: [pair] }] } },
  fails: {
    "a network without": {
      given: [CDN, {}],
      says: "originGroups is nothing; it must name an origin and one that steps in for it.",
    },
    "a network with an empty list": {
      given: [CDN, { originGroups: [] }],
      says: "originGroups is []; it must name an origin and one that steps in for it.",
    },
  },
  unknown: { "groups that are not known": { given: [CDN, { originGroups: UNKNOWN }], open: "originGroups" } },
  survives: { "originGroups[0]*: *": REFUSED },
});
