import type { FunctionUrlArgs } from "@pulumi/aws/lambda/functionUrl.js";
import type { PermissionArgs } from "@pulumi/aws/lambda/permission.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "function-not-public",
  title: "Not everyone may run a function",
  severity: "critical",
  description: "A function that everyone may run works, and costs, for whoever finds it.",
  remediation:
    'Name a service and its sourceArn or sourceAccount in the Permission, and set authorizationType of a FunctionUrl to "AWS_IAM".',
  controls: { fsbp: ["Lambda.1"], pci4: ["7.2.1"], wellArchitected: ["SEC03"] },
  resources: {
    "aws:lambda/permission:Permission": (permission: Resource<PermissionArgs>, { fail }) => {
      const who = permission.at("principal");
      const isService = (who.value ?? "").endsWith(".amazonaws.com");
      if (who.value !== "*" && !isService) return;
      const bounds = ["sourceArn", "sourceAccount", "principalOrgId"] as const;
      // What names the bound may be made later; that there is one is enough.
      if (bounds.some((bound) => isBound(permission, bound))) return;
      fail(
        who,
        `${isService ? who.shown : "everyone"} may run the function for anyone`,
        "sourceArn, sourceAccount or principalOrgId must say for whom",
      );
    },
    "aws:lambda/functionUrl:FunctionUrl": (url: Resource<FunctionUrlArgs>, { must }) => {
      must(url.at("authorizationType"), be("AWS_IAM"));
    },
  },
});

function isBound(permission: Resource<PermissionArgs>, bound: "principalOrgId" | "sourceAccount" | "sourceArn"): boolean {
  const { [bound]: sources = [] } = permission.propertyDependencies;
  return sources.length > 0 || permission.at(bound).isSet;
}
