import rule from "../../../../policies/rules/compute/container-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { TASK, task } from "../../support/containers.ts";

export default casesOf(rule, {
  passes: {
    "a container with a log driver": { given: task({ name: "shop", logConfiguration: { logDriver: "awslogs" } }) },
  },
  fails: {
    "a container without a log": {
      given: task({ name: "shop" }),
      says: "containerDefinitions[0].logConfiguration.logDriver is nothing; it must be set.",
    },
    "a container with a log that goes nowhere, beside one with none": {
      given: task({ name: "shop", logConfiguration: { logDriver: "" } }, { name: "agent", logConfiguration: {} }),
      says: [
        'containerDefinitions[0].logConfiguration.logDriver is ""; it must be set.',
        "containerDefinitions[1].logConfiguration.logDriver is nothing; it must be set.",
      ],
    },
  },
  unknown: {
    "containers that name what is not made yet": {
      given: [TASK, { containerDefinitions: UNKNOWN }],
      open: "containerDefinitions",
    },
  },
});
