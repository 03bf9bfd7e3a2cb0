import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import type { Statement } from "./policy-document.ts";
import { OIDC_PROVIDER, ROLE } from "./roles.ts";

/**
 * The first whom a statement names and who is not there, as `"AWS":"arn:..."`: a role, user or identity provider of this account that does not exist,
 * or a service whose name cannot be one. Other accounts cannot be looked into.
 */
export function unknownPrincipal(cloud: Cloud, statements: readonly Statement[]): string | undefined {
  for (const { principals, notPrincipals } of statements) {
    for (const [type, names] of Object.entries({ ...principals, ...notPrincipals })) {
      const unknown = names.find((name) => !exists(cloud, type, name));
      if (unknown !== undefined) return `"${type.toUpperCase()}":"${unknown}"`;
    }
  }
  return undefined;
}

/** Throws, in IAM's words, if there is such a one. The code may be given, as services differ. */
export function requirePrincipals(cloud: Cloud, statements: readonly Statement[], code = "MalformedPolicyDocument"): void {
  const unknown = unknownPrincipal(cloud, statements);
  if (unknown !== undefined) throw new CloudError(code, `Invalid principal in policy: ${unknown}`);
}

function exists(cloud: Cloud, type: string, name: string): boolean {
  if (type === "Service") return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(name);
  if (type === "Federated") return federated(cloud, name);
  return type === "AWS" ? account(cloud, name) : true;
}

function account(cloud: Cloud, name: string): boolean {
  if (name === "*" || /^\d{12}$/.test(name)) return true;
  const [, owner, entity = ""] = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(.+)$/.exec(name) ?? [];
  if (owner === undefined) return false;
  if (owner !== cloud.account || entity === "root" || !name.includes(":iam:")) return true;
  // AWS makes service-linked roles itself, on first use of the service.
  if (entity.startsWith("role/aws-service-role/") || entity === "user/operator") return true;
  return cloud.world.all(ROLE).some((role) => role.outputs["arn"] === name);
}

function federated(cloud: Cloud, name: string): boolean {
  const owner = /^arn:aws[a-z-]*:iam::(\d{12}):(?:oidc|saml)-provider\//.exec(name)?.[1];
  if (owner === undefined) return /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name);
  return owner !== cloud.account || name.includes(":saml-provider/") || cloud.world.by(OIDC_PROVIDER, "arn", name) !== undefined;
}
