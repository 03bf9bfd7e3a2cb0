import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import type { FunctionEventInvokeConfigArgs } from "@pulumi/aws/lambda/functionEventInvokeConfig.js";
import type { PermissionArgs } from "@pulumi/aws/lambda/permission.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** Services that do not wait for an answer: what fails twice is dropped (Lambda Developer Guide, "Invoking a function asynchronously"). */
const SENDERS = ["s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com"];

export default rule({
  id: "function-failures-kept",
  title: "Events that a function fails to handle are kept",
  severity: "medium",
  description: "Lambda tries an event three times and then throws it away; nobody can find out which it was.",
  remediation: "Set deadLetterConfig.targetArn, or add an aws.lambda.FunctionEventInvokeConfig with destinationConfig.onFailure.",
  controls: { wellArchitected: ["REL05"] },
  inStack: {
    "aws:lambda/function:Function": (worker: Resource<FunctionArgs>, { fail }, stack) => {
      const permissions = stack.linked<PermissionArgs>("aws:lambda/permission:Permission", "function", worker);
      if (!permissions.some((permission) => SENDERS.includes(permission.named.at("principal").value ?? ""))) return;
      if (worker.at("deadLetterConfig").isSet) return;
      const settings = stack.linked<FunctionEventInvokeConfigArgs>(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "functionName",
        worker,
      );
      if (!settings.some((each) => each.named.at("destinationConfig", "onFailure").isSet))
        fail(worker, "events that fail go nowhere", "the function must have a deadLetterConfig or a destination on failure");
    },
  },
});
