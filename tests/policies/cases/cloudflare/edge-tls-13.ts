import rule from "../../../../policies/rules/cloudflare/edge-tls-13.ts";
import { zoneSettingCases } from "../../support/zones.ts";

export default zoneSettingCases(rule, { id: "tls_1_3", right: ["on", "zrt"], wrong: "off", wanted: '"on" or "zrt"' });
