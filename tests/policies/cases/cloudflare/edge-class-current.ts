import rule from "../../../../policies/rules/cloudflare/edge-class-current.ts";
import { ask } from "../../support/ask.ts";
import { casesOf, forEach } from "../../support/cases.ts";

const TYPES = [...rule.checks.keys()];

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s that the project knows it has to leave", (type) => ({
    given: [type, {}],
    config: { stillUsed: TYPES },
  })),
  fails: {
    "a record under its older name": {
      given: ["cloudflare:index/record:Record", {}],
      says: "cloudflare:index/record:Record is deprecated; use cloudflare.DnsRecord in its place.",
    },
    "a tunnel under its older name": {
      given: ["cloudflare:index/tunnel:Tunnel", {}],
      says: "cloudflare:index/tunnel:Tunnel is deprecated; use cloudflare.ZeroTrustTunnelCloudflared in its place.",
    },
    ...forEach(TYPES, "a %s", (type) => ({ given: [type, {}], says: ask(rule, { given: [type, {}] }).says })),
  },
  unknown: {},
  decidesByType: "a class is deprecated whatever its inputs are",
});
