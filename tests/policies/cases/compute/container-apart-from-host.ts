import rule from "../../../../policies/rules/compute/container-apart-from-host.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { TASK } from "../../support/containers.ts";

const NOT_HOST = "only the word host shares";

export default casesOf(rule, {
  passes: {
    "a task with a network of its own": { given: [TASK, { networkMode: "awsvpc", pidMode: "task", ipcMode: "none" }] },
    "a task that says nothing of it": { given: [TASK, {}] },
  },
  fails: {
    "a task that shares everything": {
      given: [TASK, { networkMode: "host", pidMode: "host", ipcMode: "host" }],
      says: [
        'pidMode is "host"; it must not be "host".',
        'ipcMode is "host"; it must not be "host".',
        'networkMode is "host"; it must not be "host".',
      ],
    },
  },
  unknown: {
    "a network that is chosen later, beside the processes of the host": {
      given: [TASK, { networkMode: UNKNOWN, pidMode: "host" }],
      open: "networkMode",
      says: 'pidMode is "host"; it must not be "host".',
    },
  },
  survives: { "pidMode: *": NOT_HOST, "ipcMode: *": NOT_HOST, "networkMode: *": NOT_HOST },
});
