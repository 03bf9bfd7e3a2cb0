import rule from "../../../../policies/rules/cloudflare/edge-https-always.ts";
import { zoneSettingCases } from "../../support/zones.ts";

export default zoneSettingCases(rule, { id: "always_use_https", right: ["on"], wrong: "off", wanted: '"on"' });
