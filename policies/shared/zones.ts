import type { ZoneArgs } from "@pulumi/cloudflare/zone.js";
import type { ZoneSettingArgs } from "@pulumi/cloudflare/zoneSetting.js";
import type { Check } from "../framework/check.ts";
import type { Property } from "../framework/property.ts";
import type { Resource } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

export const ZONE = "cloudflare:index/zone:Zone";
export const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";

type SettingOf = Resource<ZoneSettingArgs>;

/** The `inStack` of a rule by which every zone must have a setting, and the setting a value. @param id such as `ssl` */
export function ofZoneSetting(id: string, wanted: string, fits: (value: Property<unknown>) => boolean) {
  return {
    [ZONE]: (zone: Resource<ZoneArgs>, { fail }: Pick<Check<unknown>, "fail">, stack: Stack) => {
      const settings = stack.linked<ZoneSettingArgs>(SETTING, "zoneId", zone);
      if (!settings.some((setting) => setting.named.at("settingId").value === id))
        fail(zone, `the zone leaves the setting ${id} to its plan`, `a ZoneSetting must say that it is ${wanted}`);
    },
    [SETTING]: (setting: SettingOf, { fail }: Pick<Check<unknown>, "fail">) => {
      if (setting.at("settingId").value !== id) return;
      const value = setting.at("value").as<unknown>();
      if (!fits(value)) fail(value, `${id} is ${value.shown}`, `it must be ${wanted}`);
    },
  };
}
