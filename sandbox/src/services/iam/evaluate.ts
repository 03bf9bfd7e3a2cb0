import { wildcard } from "./action-names.ts";
import { conditionsHold, filledIn, type RequestContext } from "./conditions.ts";
import type { Principals, Statement } from "./policy-document.ts";

/** One question to IAM. */
export interface AccessRequest {
  /** `service:Action`. */
  readonly action: string;
  /** The ARN acted on, or `*` for actions that name none. */
  readonly resource: string;
  /** The caller as policies may name it: the session's ARN, the role's ARN and the account. */
  readonly principals: readonly string[];
  readonly context: RequestContext;
}

/** The answer. A denial says whether a statement forbids it or merely none allows it, and in which kind of policy. */
export type Decision =
  { readonly allowed: true } | { readonly allowed: false; readonly explicit: boolean; readonly where: "identity" | "resource" };

/**
 * Decides as AWS does inside one account: an explicit deny anywhere wins; else an allow in an identity policy or in the resource's policy is enough; else no.
 * A resource that must itself allow the caller (KMS keys) sets `resourceMustAllow`.
 */
export function decide(
  request: AccessRequest,
  identity: readonly Statement[],
  resource: readonly Statement[] = [],
  options: { readonly resourceMustAllow?: boolean } = {},
): Decision {
  const byIdentity = identity.filter((statement) => applies(statement, request));
  const byResource = resource.filter((statement) => names(statement, request.principals) && applies(statement, request));
  if (byIdentity.some((statement) => statement.effect === "Deny")) return { allowed: false, explicit: true, where: "identity" };
  if (byResource.some((statement) => statement.effect === "Deny")) return { allowed: false, explicit: true, where: "resource" };
  // A statement for the whole account only opens the door to the account's IAM policies; one for the role or its session is enough by itself.
  const direct = byResource.some((statement) => namesDirectly(statement, request.principals));
  const delegated = options.resourceMustAllow === true ? byResource.length > 0 : true;
  if (direct || (byIdentity.length > 0 && delegated)) return { allowed: true };
  return { allowed: false, explicit: false, where: byIdentity.length > 0 ? "resource" : "identity" };
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const action = (pattern: string): boolean => wildcard(pattern).test(request.action);
  const resource = (pattern: string): boolean => wildcard(filledIn(pattern, request.context), "").test(request.resource);
  return (
    (statement.actions?.some(action) ?? !(statement.notActions ?? []).some(action)) &&
    (statement.resources?.some(resource) ?? !(statement.notResources ?? []).some(resource)) &&
    conditionsHold(statement.conditions, request.context)
  );
}

function names(statement: Statement, principals: readonly string[]): boolean {
  if (statement.principals !== undefined) return isAmong(statement.principals, principals);
  return statement.notPrincipals === undefined || !isAmong(statement.notPrincipals, principals);
}

/** Everyone, or the role or session itself: not merely the account's root, by which an account hands the decision to its IAM policies. */
function namesDirectly(statement: Statement, principals: readonly string[]): boolean {
  return names(
    statement,
    principals.filter((principal) => !isAccount(principal)),
  );
}

function isAmong(named: Principals, principals: readonly string[]): boolean {
  return Object.values(named).some((list) => list.some((who) => who === "*" || principals.includes(who)));
}

function isAccount(principal: string): boolean {
  return /^\d{12}$/.test(principal) || principal.endsWith(":root");
}
