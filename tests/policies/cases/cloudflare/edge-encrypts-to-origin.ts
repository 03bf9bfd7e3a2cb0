import rule from "../../../../policies/rules/cloudflare/edge-encrypts-to-origin.ts";
import { zoneSettingCases } from "../../support/zones.ts";

export default zoneSettingCases(rule, { id: "ssl", right: ["strict"], wrong: "flexible", wanted: '"strict"' });
