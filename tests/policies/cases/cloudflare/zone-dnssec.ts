import rule from "../../../../policies/rules/cloudflare/zone-dnssec.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";
import { ZONE } from "../../support/zones.ts";

const shop: FixtureResource = [ZONE, { name: "shop.example.com" }];
const part = (inputs: Readonly<Record<string, unknown>> = {}): FixtureResource => [
  "cloudflare:index/zoneDnssec:ZoneDnssec",
  { zoneId: ref("shop"), status: "active", ...inputs },
];
const says = "shop: the zone has no active ZoneDnssec; it must have one.";

export default casesOf(rule, {
  passes: { "a zone with it": { given: { shop, part: part() } } },
  fails: {
    "a zone without it": { given: { shop }, says },
    "a zone beside that of another": { given: { shop, part: part({ zoneId: "zone-1" }) }, says },
    "a zone that switches it off": { given: { shop, part: part({ status: "disabled" }) }, says },
  },
  unknown: {
    "one of which nobody knows whose it is": { given: { shop, part: part({ zoneId: UNKNOWN }) }, open: "shop: part.zoneId" },
  },
  survives: { "shop: name: *": "it is of the zone, whatever that is called" },
});
