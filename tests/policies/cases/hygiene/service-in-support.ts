import rule from "../../../../policies/rules/hygiene/service-in-support.ts";
import { ask } from "../../support/ask.ts";
import { casesOf, forEach } from "../../support/cases.ts";

const TYPES = [...rule.checks.keys()];
const WAF = "aws:waf/webAcl:WebAcl";
const knownToLeave = TYPES.map((type) => (ask(rule, { given: [type, {}] }).says[0] ?? "").split(/ (?:ended|has taken) /)[0]);

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s that the project knows it has to leave", (type) => ({
    given: [type, {}],
    config: { stillUsed: knownToLeave },
  })),
  fails: {
    "a mesh of App Mesh": {
      given: ["aws:appmesh/mesh:Mesh", { name: "shop" }],
      says: "App Mesh ended on 2026-09-30; use ECS Service Connect or VPC Lattice in its place.",
    },
    "a database of Timestream for LiveAnalytics": {
      given: ["aws:timestreamwrite/database:Database", { databaseName: "metrics" }],
      says: "Timestream for LiveAnalytics has taken no new customers since 2025-06-20; use Timestream for InfluxDB in its place.",
    },
    "an old firewall, where another service is still used": {
      given: [WAF, {}],
      config: { stillUsed: ["App Mesh"] },
      says: "WAF Classic ended on 2025-09-30; use aws.wafv2.WebAcl in its place.",
    },
    ...forEach(TYPES, "a %s", (type) => ({ given: [type, {}], says: ask(rule, { given: [type, {}] }).says })),
  },
  unknown: {},
  decidesByType: "the service is over for every resource of the type",
});
