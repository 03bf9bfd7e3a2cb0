import rule from "../../../../policies/rules/database/database-monitored.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:rds/clusterInstance:ClusterInstance", "aws:rds/instance:Instance"];

export default casesOf(rule, {
  passes: forEach(TYPES, "a %s that is measured every minute", (type) => ({ given: [type, { monitoringInterval: 60 }] })),
  fails: {
    ...forEach(TYPES, "a %s that says nothing of it", (type) => ({
      given: [type, {}],
      says: "monitoringInterval is nothing, which means 0; it must be at least 1 second.",
    })),
    ...forEach(TYPES, "a %s that is not measured", (type) => ({
      given: [type, { monitoringInterval: 0 }],
      says: "monitoringInterval is 0; it must be at least 1 second.",
    })),
  },
  unknown: forEach(TYPES, "a %s of which it is decided later", (type) => ({
    given: [type, { monitoringInterval: UNKNOWN }],
    open: "monitoringInterval",
  })),
});
