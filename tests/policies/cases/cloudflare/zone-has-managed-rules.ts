import rule from "../../../../policies/rules/cloudflare/zone-has-managed-rules.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";
import { ZONE } from "../../support/zones.ts";

const shop: FixtureResource = [ZONE, { name: "shop.example.com" }];
const part = (inputs: Readonly<Record<string, unknown>> = {}): FixtureResource => [
  "cloudflare:index/ruleset:Ruleset",
  { zoneId: ref("shop"), phase: "http_request_firewall_managed", ...inputs },
];
const says = "shop: the zone has no Ruleset of the phase http_request_firewall_managed; it must have one.";

export default casesOf(rule, {
  passes: { "a zone with it": { given: { shop, part: part() } } },
  fails: {
    "a zone without it": { given: { shop }, says },
    "a zone beside that of another": { given: { shop, part: part({ zoneId: "zone-1" }) }, says },
    "a zone with rules of another phase": { given: { shop, part: part({ phase: "http_request_transform" }) }, says },
  },
  unknown: {
    "one of which nobody knows whose it is": { given: { shop, part: part({ zoneId: UNKNOWN }) }, open: "shop: part.zoneId" },
  },
  survives: { "shop: name: *": "it is of the zone, whatever that is called" },
});
