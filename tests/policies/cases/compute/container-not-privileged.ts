import rule from "../../../../policies/rules/compute/container-not-privileged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { TASK, task } from "../../support/containers.ts";

export default casesOf(rule, {
  passes: {
    "a container without privileges": { given: task({ name: "shop", privileged: false }) },
    "a container that says nothing of them": { given: task({ name: "shop" }) },
  },
  fails: {
    "a privileged container beside another": {
      given: task({ name: "shop" }, { name: "agent", privileged: true }),
      says: "containerDefinitions[1].privileged is true; it must be false.",
    },
    "text that describes no containers": {
      given: [TASK, { containerDefinitions: "shop" }],
      says: "containerDefinitions is no JSON list; it must describe the containers of the task.",
    },
    "an object where a list belongs": {
      given: [TASK, { containerDefinitions: "{}" }],
      says: "containerDefinitions is no JSON list; it must describe the containers of the task.",
    },
  },
  unknown: {
    "containers that name what is not made yet": {
      given: [TASK, { containerDefinitions: UNKNOWN }],
      open: "containerDefinitions",
    },
  },
});
