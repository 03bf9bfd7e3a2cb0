import type { Rule } from "../../../policies/framework/rule.ts";
import { casesOf, type FixtureResource, ref, type RuleCases, UNKNOWN } from "./cases.ts";

export const ZONE = "cloudflare:index/zone:Zone";
const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";

/** A setting of the zone `shop`. */
export function setting(settingId: unknown, value: unknown, zoneId: unknown = ref("shop")): FixtureResource {
  return [SETTING, { zoneId, settingId, value }];
}

/** The cases of a rule by which every zone must have a setting. @param shown the wrong value, as messages show it */
export function zoneSettingCases(
  rule: Rule,
  {
    id,
    right,
    wanted,
    wrong,
    survives = {},
  }: { id: string; right: readonly unknown[]; wrong: unknown; wanted: string; survives?: RuleCases["survives"] },
): RuleCases {
  const shop: FixtureResource = [ZONE, { name: "shop.example.com" }];
  const missing = `shop: the zone leaves the setting ${id} to its plan; a ZoneSetting must say that it is ${wanted}.`;
  return casesOf(rule, {
    passes: Object.fromEntries(
      right.map((value) => [`a zone with ${id} ${JSON.stringify(value)}`, { given: { shop, setting: setting(id, value) } }]),
    ),
    fails: {
      [`a zone with ${id} ${JSON.stringify(wrong)}`]: {
        given: { shop, setting: setting(id, wrong) },
        says: `setting: ${id} is ${JSON.stringify(wrong)}; it must be ${wanted}.`,
      },
      "a zone that says nothing of it": { given: { shop, other: setting("ipv6", "on") }, says: missing },
      "a zone beside the setting of another": { given: { shop, setting: setting(id, right[0], "zone-1") }, says: missing },
    },
    unknown: {
      "a value that is decided later": { given: { shop, setting: setting(id, UNKNOWN) }, open: "setting: value" },
      "a setting of which nobody knows whose it is": {
        given: { shop, setting: setting(id, right[0], UNKNOWN) },
        open: "shop: setting.zoneId",
      },
    },
    survives: { "shop: name: *": "the setting is of the zone, whatever that is called", ...survives },
  });
}
