import rule from "../../../../policies/rules/compute/container-root-read-only.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { TASK, task } from "../../support/containers.ts";

export default casesOf(rule, {
  passes: {
    "a container with a read-only root": { given: task({ name: "shop", readonlyRootFilesystem: true }) },
  },
  fails: {
    "a container that says nothing of it": {
      given: task({ name: "shop" }),
      says: "containerDefinitions[0].readonlyRootFilesystem is nothing; it must be true.",
    },
    "a container that may write, beside one that may not": {
      given: task({ name: "shop", readonlyRootFilesystem: true }, { name: "agent", readonlyRootFilesystem: false }),
      says: "containerDefinitions[1].readonlyRootFilesystem is false; it must be true.",
    },
  },
  unknown: {
    "containers that name what is not made yet": {
      given: [TASK, { containerDefinitions: UNKNOWN }],
      open: "containerDefinitions",
    },
  },
});
