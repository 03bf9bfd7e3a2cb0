import rule from "../../../../policies/rules/compute/container-insights.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:ecs/cluster:Cluster";
const wanted = 'it must be one of "enabled", "enhanced".';

export default casesOf(rule, {
  passes: {
    "a cluster with enhanced insights": { given: [CLUSTER, { settings: [{ name: "containerInsights", value: "enhanced" }] }] },
    "a cluster with plain insights": { given: [CLUSTER, { settings: [{ name: "containerInsights", value: "enabled" }] }] },
  },
  fails: {
    "a cluster that says nothing of them": { given: [CLUSTER, {}], says: `containerInsights is nothing; ${wanted}` },
    "a cluster with insights off": {
      given: [CLUSTER, { settings: [{ name: "containerInsights", value: "disabled" }] }],
      says: `containerInsights is "disabled"; ${wanted}`,
    },
  },
  unknown: {
    "insights that are decided later": {
      given: [CLUSTER, { settings: [{ name: "containerInsights", value: UNKNOWN }] }],
      open: "settings[0].value",
    },
  },
});
