import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { all, matching, ofLength } from "../limits.ts";
import { faultsInDashboard } from "./dashboard-body.ts";

export const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

/** A dashboard. Its body is checked as PutDashboard checks it, and remembered. */
export const dashboard: ResourceDefinition = {
  type: DASHBOARD,
  replaceOn: ["dashboardName"],
  limits: {
    dashboardName: all(ofLength(1, 255), matching(/^[\w-]+$/, "only letters, digits, hyphens and underscores are")),
    dashboardBody: (value) => (typeof value === "string" ? faultOf(value) : undefined),
  },
  create: ({ cloud, inputs }) => {
    const name = text(inputs, "dashboardName");
    refuseFaulty(text(inputs, "dashboardBody"));
    // A dashboard belongs to no region.
    return { id: name, outputs: { dashboardArn: arn("cloudwatch", "", cloud.account, `dashboard/${name}`) } };
  },
  update: ({ inputs }) => {
    refuseFaulty(text(inputs, "dashboardBody"));
    return {};
  },
};

function refuseFaulty(body: string): void {
  const fault = faultOf(body);
  if (fault !== undefined) throw new CloudError("InvalidParameterInput", fault);
}

function faultOf(body: string): string | undefined {
  const faults = faultsInDashboard(body);
  return faults.length === 0
    ? undefined
    : `The dashboard body is invalid, there are ${String(faults.length)} validation errors: ${JSON.stringify(faults)}`;
}
