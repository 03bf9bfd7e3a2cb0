import rule from "../../../../policies/rules/cloudflare/edge-hsts.ts";
import { zoneSettingCases } from "../../support/zones.ts";

export default zoneSettingCases(rule, {
  id: "security_header",
  right: [{ strict_transport_security: { enabled: true, max_age: 15_552_000 } }],
  wrong: { strict_transport_security: { enabled: true, max_age: 60 } },
  wanted: "strict_transport_security, enabled for half a year or more",
});
