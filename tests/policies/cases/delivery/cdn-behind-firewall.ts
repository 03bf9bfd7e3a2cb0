import rule from "../../../../policies/rules/delivery/cdn-behind-firewall.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";

export default casesOf(rule, {
  passes: {
    "a network with a firewall": { given: [CDN, { webAclId: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1" }] },
  },
  fails: {
    "a network without one": { given: [CDN, {}], says: "webAclId is nothing; it must name a firewall." },
    "a network with an empty name": { given: [CDN, { webAclId: "" }], says: 'webAclId is ""; it must name a firewall.' },
  },
  unknown: { "a firewall that is made later": { given: [CDN, { webAclId: UNKNOWN }], open: "webAclId" } },
  survives: { "webAclId: another text": "another firewall is one as well" },
});
