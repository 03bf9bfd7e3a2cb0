import rule from "../../../../policies/rules/delivery/cdn-root-object.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";

export default casesOf(rule, {
  passes: { "a network with a page": { given: [CDN, { defaultRootObject: "index.html" }] } },
  fails: {
    "a network without one": { given: [CDN, {}], says: "defaultRootObject is nothing; it must name a page." },
    "a network with an empty one": {
      given: [CDN, { defaultRootObject: "" }],
      says: 'defaultRootObject is ""; it must name a page.',
    },
  },
  unknown: { "a page that is chosen later": { given: [CDN, { defaultRootObject: UNKNOWN }], open: "defaultRootObject" } },
  survives: { "defaultRootObject: another text": "another page may be the right one" },
});
