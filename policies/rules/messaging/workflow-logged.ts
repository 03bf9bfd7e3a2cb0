import type { StateMachineArgs } from "@pulumi/aws/sfn/stateMachine.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "workflow-logged",
  title: "A state machine logs its failures at least",
  severity: "medium",
  description: "Step Functions forgets how an execution went after 90 days, and an express one at once.",
  remediation: 'Set loggingConfiguration.level to "ERROR" or "ALL", and name a log group in logDestination.',
  controls: { fsbp: ["StepFunctions.1"], wellArchitected: ["OPS08", "SEC04"] },
  resources: {
    "aws:sfn/stateMachine:StateMachine": (machine: Resource<StateMachineArgs>, { must }) =>
      must(machine.at("loggingConfiguration", "level").or("OFF"), beOneOf("ALL", "ERROR", "FATAL")),
  },
});
