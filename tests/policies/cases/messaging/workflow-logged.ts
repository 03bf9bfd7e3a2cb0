import rule from "../../../../policies/rules/messaging/workflow-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const MACHINE = "aws:sfn/stateMachine:StateMachine";
const level = (value: unknown) => ({ loggingConfiguration: { level: value } });

export default casesOf(rule, {
  passes: {
    "a machine that logs its failures": { given: [MACHINE, level("ERROR")] },
    "a machine that logs everything": { given: [MACHINE, level("ALL")] },
  },
  fails: {
    "a machine that logs nothing": {
      given: [MACHINE, level("OFF")],
      says: 'loggingConfiguration.level is "OFF"; it must be one of "ALL", "ERROR", "FATAL".',
    },
    "a machine that says nothing of it": {
      given: [MACHINE, {}],
      says: 'loggingConfiguration.level is nothing, which means "OFF"; it must be one of "ALL", "ERROR", "FATAL".',
    },
  },
  unknown: { "a level that is chosen later": { given: [MACHINE, level(UNKNOWN)], open: "loggingConfiguration.level" } },
});
