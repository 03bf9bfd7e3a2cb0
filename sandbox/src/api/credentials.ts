import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Cloud } from "../core/cloud.ts";
import { CloudError, type Resource } from "../core/definition.ts";
import type { Space } from "../core/world.ts";
import { text } from "../core/values.ts";
import { findRole, INSTANCE_PROFILE, trustsCompute } from "../services/iam/roles.ts";

/** How long a role's credentials live, and how long before their end they are no longer handed out again. The SDKs refresh five minutes before the end. */
const LIFETIME_MS = 60 * 60 * 1000;
const RENEW_BEFORE_MS = 15 * 60 * 1000;

/** A key that may sign requests. `roleArn` is empty for the operator. */
export type Session = {
  accessKeyId: string;
  secret: string;
  /** The session token that must come with the key; empty for the operator's long-lived key. */
  token: string;
  /** Milliseconds since the epoch; 0 for never. */
  expires: number;
  roleArn: string;
  sessionName: string;
  /** When it was issued, in milliseconds since the epoch; absent for keys that live long. */
  issued?: number;
  /** Whether somebody took the role on by AssumeRole, and what the session is held to then: policy documents. @default - it is a workload's own */
  assumed?: { policies: string[] };
};

/** The operator's key, for people and tests: everything is allowed that no resource policy denies. */
export function operatorCredentials(cloud: Cloud): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  const name = cloud.world.space<string>("api").get("operator");
  const known = name === undefined ? undefined : sessions(cloud).get(name);
  const session = known ?? remember(cloud, { ...newKey("AKIA"), token: "", expires: 0, roleArn: "", sessionName: "operator" });
  if (known === undefined) cloud.world.space<string>("api").set("operator", session.accessKeyId);
  return { accessKeyId: session.accessKeyId, secretAccessKey: session.secret };
}

/**
 * Where a workload of this role fetches its credentials: for AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN.
 * The token stays the same over restarts of the daemon. Throws {@link CloudError} `NoSuchEntity` if there is no such role.
 */
export function workloadCredentials(cloud: Cloud, roleArn: string): { readonly url: string; readonly token: string } {
  const role = findRole(cloud, roleArn);
  if (role === undefined)
    throw new CloudError("NoSuchEntity", `The role with name ${roleArn.split("/").at(-1) ?? roleArn} cannot be found.`, 404);
  const tokens = cloud.world.space<string>("workload-token");
  const known = tokens.get(role.id);
  const token = known ?? randomBytes(32).toString("base64url");
  if (known === undefined) tokens.set(role.id, token);
  return { url: `${cloud.apiUrl()}/credentials/${encodeURIComponent(role.id)}`, token };
}

/** What `GET /credentials/<role>` answers: the container credentials document. Throws 401 without the role's own bearer token. */
export function credentialsDocument(cloud: Cloud, roleName: string, authorization: string | undefined): Record<string, string> {
  const expected = cloud.world.space<string>("workload-token").get(roleName);
  const given = (authorization ?? "").replace(/^Bearer /i, "");
  if (expected === undefined || !sameSecret(given, expected)) {
    throw new CloudError("AccessDenied", "The authorization token is not the one of this role.", 401);
  }
  const role = findRole(cloud, roleName);
  if (role === undefined) throw new CloudError("NoSuchEntity", `The role with name ${roleName} cannot be found.`, 404);
  if (!trustsCompute(role)) {
    throw new CloudError(
      "AssumeRoleUnauthorizedAccess",
      `The trust policy of role ${roleName} does not let a compute service assume it.`,
      403,
    );
  }
  const session = currentSession(cloud, role);
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secret,
    Token: session.token,
    Expiration: new Date(session.expires).toISOString(),
    RoleArn: session.roleArn,
  };
}

/** Takes back every credential of a role that is going; one that is made again under its name starts without. */
export function revokeRole(cloud: Cloud, role: Resource): void {
  cloud.world.space<string>("workload-token").delete(role.id);
  for (const [key, session] of sessions(cloud).entries()) {
    if (session.roleArn === role.outputs["arn"]) sessions(cloud).delete(key);
  }
}

/** The session of an access key. Throws nothing: an unknown key is undefined, and whether it has expired is for the caller to say. */
export function sessionOf(cloud: Cloud, accessKeyId: string): Session | undefined {
  return sessions(cloud).get(accessKeyId);
}

/** Everything that lets somebody in: for those who must keep it out of sight. */
export function credentialSecrets(cloud: Cloud): string[] {
  const tokens = cloud.world.space<string>("workload-token").entries();
  const keys = sessions(cloud).entries();
  return [...tokens.map(([, token]) => token), ...keys.flatMap(([, { secret, token }]) => [secret, token])];
}

/** Compares two secrets in a time that does not depend on where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (value: string): Buffer => createHash("sha256").update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Credentials of a role for whoever has taken it on, for so many milliseconds; `policies` are what the session is held to beside the role's own. */
export function assumeSession(
  cloud: Cloud,
  role: Resource,
  {
    sessionName,
    lifetime,
    policies,
  }: { readonly sessionName: string; readonly lifetime: number; readonly policies: readonly string[] },
): Session {
  return issue(cloud, role, sessionName, lifetime, { policies: [...policies] });
}

function currentSession(cloud: Cloud, role: Resource): Session {
  const roleArn = text(role.outputs, "arn");
  const now = cloud.now();
  for (const [key, session] of sessions(cloud).entries()) {
    if (session.expires !== 0 && session.expires <= now - LIFETIME_MS) sessions(cloud).delete(key);
    else if (session.roleArn === roleArn && session.assumed === undefined && session.expires - now > RENEW_BEFORE_MS)
      return session;
  }
  return issue(cloud, role, sessionName(cloud, role), LIFETIME_MS);
}

function issue(cloud: Cloud, role: Resource, name: string, lifetime: number, assumed?: Session["assumed"]): Session {
  const issued = cloud.now();
  return remember(cloud, {
    ...newKey("ASIA"),
    token: randomBytes(96).toString("base64"),
    expires: issued + lifetime,
    roleArn: text(role.outputs, "arn"),
    sessionName: name,
    issued,
    ...(assumed === undefined ? {} : { assumed }),
  });
}

/** EC2 names a session after the instance; a role without one is named after itself. */
function sessionName(cloud: Cloud, role: Resource): string {
  const profiles = cloud.world.all(INSTANCE_PROFILE).filter((row) => row.outputs["role"] === role.id);
  const instance = cloud.world
    .all("aws:ec2/instance:Instance")
    .find((row) =>
      profiles.some((profile) => [profile.id, profile.outputs["arn"]].includes(text(row.outputs, "iamInstanceProfile"))),
    );
  return instance?.id ?? role.id;
}

function remember(cloud: Cloud, session: Session): Session {
  sessions(cloud).set(session.accessKeyId, session);
  return session;
}

function newKey(prefix: string): { accessKeyId: string; secret: string } {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const id = [...randomBytes(16)].map((byte) => letters[byte % letters.length] ?? "A").join("");
  return { accessKeyId: prefix + id, secret: randomBytes(30).toString("base64") };
}

function sessions(cloud: Cloud): Space<Session> {
  return cloud.world.space<Session>("api-session");
}
