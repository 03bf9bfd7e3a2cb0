import rule from "../../../../policies/rules/cloudflare/edge-tls-version.ts";
import { zoneSettingCases } from "../../support/zones.ts";

export default zoneSettingCases(rule, { id: "min_tls_version", right: ["1.2", "1.3"], wrong: "1.0", wanted: '"1.2" or "1.3"' });
