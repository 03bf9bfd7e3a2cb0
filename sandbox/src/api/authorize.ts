import type { Cloud } from "../core/cloud.ts";
import { CloudError, type Resource } from "../core/definition.ts";
import { arn, derived } from "../core/ids.ts";
import { text } from "../core/values.ts";
import { decide, type AccessRequest, type Decision } from "../services/iam/evaluate.ts";
import { boundaryOf, findRole, statementsOf } from "../services/iam/roles.ts";
import { parsePolicy, type Statement } from "../services/iam/policy-document.ts";
import type { Session } from "./credentials.ts";
import type { Caller, Demand } from "./operation.ts";

const EVERYTHING: Statement = { effect: "Allow", actions: ["*"], resources: ["*"], conditions: {} };

/** The caller behind a session. */
export function callerOf(cloud: Cloud, session: Session): Caller {
  if (session.roleArn === "") {
    return {
      session,
      arn: arn("iam", "", cloud.account, "user/operator"),
      userId: `AIDA${derived(16, cloud.account, "operator").toUpperCase()}`,
    };
  }
  const roleName = session.roleArn.split("/").at(-1) ?? "";
  const id = text(findRole(cloud, session.roleArn)?.outputs ?? {}, "uniqueId");
  return {
    session,
    arn: arn("sts", "", cloud.account, `assumed-role/${roleName}/${session.sessionName}`),
    userId: `${id}:${session.sessionName}`,
  };
}

/** Throws AccessDenied, as AWS words it, unless the caller's policies and the resource's allow the demand. `code` is the service's name for it. */
export function authorize(cloud: Cloud, caller: Caller, demand: Demand, region: string, code = "AccessDenied"): void {
  const decision = ask(cloud, caller, demand, region);
  if (decision === "allowed") return;
  // S3 alone puts the resource in quotes.
  const resource = demand.action.startsWith("s3:") ? `"${demand.resource}"` : demand.resource;
  throw new CloudError(
    code,
    `User: ${caller.arn} is not authorized to perform: ${demand.action} on resource: ${resource} ${decision}`,
    403,
  );
}

function ask(cloud: Cloud, caller: Caller, demand: Demand, region: string): string {
  const { roleArn } = caller.session;
  const role = roleArn === "" ? undefined : findRole(cloud, roleArn);
  const identity = roleArn === "" ? [EVERYTHING] : role === undefined ? [] : statementsOf(cloud, role);
  const request = requestOf(cloud, caller, demand, region);
  const options = { resourceMustAllow: demand.resourceMustAllow ?? false };
  const decision = decide(request, identity, demand.policy, options);
  const bounds = boundsOf(cloud, caller, role).map(([kind, statements]) => [kind, decide(request, statements)] as const);
  const isExplicit = (one: Decision): boolean => !one.allowed && one.explicit;
  if (isExplicit(decision)) return worded(decision, demand.action);
  const denying = bounds.find(([, bound]) => isExplicit(bound));
  if (denying !== undefined) return `with an explicit deny in a ${denying[0]}`;
  const limiting = bounds.find(([, bound]) => !bound.allowed);
  if (limiting === undefined || !decision.allowed) return worded(decision, demand.action);
  // What a resource's policy gives to the very session is not held to what bounds its role.
  const outright = (demand.policy ?? []).filter(({ principals = {} }) => (principals["AWS"] ?? []).includes(caller.arn));
  return decide(request, [], outright).allowed ? "allowed" : `because no ${limiting[0]} allows the ${demand.action} action`;
}

/** What holds the caller to less than its policies say: each has to allow the request as well. */
function boundsOf(
  cloud: Cloud,
  { session }: Caller,
  role: Resource | undefined,
): [kind: string, statements: readonly Statement[]][] {
  const boundary = role === undefined ? undefined : boundaryOf(cloud, role);
  const policies = session.assumed?.policies ?? [];
  return [
    ...(boundary === undefined ? [] : [["permissions boundary", boundary] as [string, readonly Statement[]]]),
    ...(policies.length === 0
      ? []
      : [["session policy", policies.flatMap((policy) => parsePolicy(policy, "identity"))] as [string, readonly Statement[]]]),
  ];
}

function worded(decision: Decision, action: string): string {
  if (decision.allowed) return "allowed";
  const kind = decision.where === "identity" ? "identity-based" : "resource-based";
  return decision.explicit
    ? `with an explicit deny in ${decision.where === "identity" ? "an" : "a"} ${kind} policy`
    : `because no ${kind} policy allows the ${action} action`;
}

function requestOf(cloud: Cloud, caller: Caller, demand: Demand, region: string): AccessRequest {
  const { issued, roleArn } = caller.session;
  const context = new Map<string, readonly string[]>([
    ["aws:principalaccount", [cloud.account]],
    ["aws:principalarn", [roleArn === "" ? caller.arn : roleArn]],
    ["aws:principaltype", [roleArn === "" ? "User" : "AssumedRole"]],
    ["aws:userid", [caller.userId]],
    ["aws:requestedregion", [region]],
    ["aws:currenttime", [new Date(cloud.now()).toISOString()]],
    ["aws:epochtime", [String(Math.floor(cloud.now() / 1000))]],
    ["aws:sourceip", ["127.0.0.1"]],
    // The loopback endpoint stands for the real one, which is reached by TLS only.
    ["aws:securetransport", ["true"]],
    ["aws:resourceaccount", [cloud.account]],
    ["aws:principalisawsservice", ["false"]],
    ["aws:viaawsservice", ["false"]],
    ...(issued === undefined ? [] : [["aws:tokenissuetime", [new Date(issued).toISOString()]] as const]),
    ...(roleArn === "" ? [["aws:username", ["operator"]] as const] : []),
    ...Object.entries(demand.context ?? {}).map(([key, value]) => [key.toLowerCase(), [value]] as const),
  ]);
  const principals = [caller.arn, ...(roleArn === "" ? [] : [roleArn]), cloud.account, arn("iam", "", cloud.account, "root")];
  return { action: demand.action, resource: demand.resource, principals, context };
}
