import { callerOf } from "../../api/authorize.ts";
import { assumeSession } from "../../api/credentials.ts";
import type { ApiCall, Demand } from "../../api/operation.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { parsePolicy } from "../iam/policy-document.ts";
import { documentOf, findRole } from "../iam/roles.ts";

/** Seconds that a session lasts unless the caller says otherwise, at least, and at most where one role takes on another (STS API Reference, AssumeRole). */
const USUAL_SECONDS = 3600;
const LEAST_SECONDS = 900;
const CHAINED_SECONDS = 3600;
/** Characters of a session policy, and how many managed ones may be named beside it. */
const LONGEST_POLICY = 2048;
const MOST_POLICIES = 10;

/** Parameters that change what a session is and that the sandbox does not play. */
const UNSERVED = /^(Tags|TransitiveTagKeys|ProvidedContexts|SourceIdentity|SerialNumber|TokenCode)(\.|$)/;

/** The role's trust policy must let the caller in, by name or through the account's IAM policies. A role that is not there lets nobody in. */
export function demandAssumeRole({ cloud, input }: ApiCall): Demand {
  const role = findRole(cloud, text(input, "RoleArn"));
  const externalId = text(input, "ExternalId");
  return {
    action: "sts:AssumeRole",
    resource: text(input, "RoleArn"),
    policy: role === undefined ? [] : parsePolicy(text(role.outputs, "assumeRolePolicy"), "trust"),
    resourceMustAllow: true,
    context: {
      "sts:RoleSessionName": text(input, "RoleSessionName"),
      ...(externalId === "" ? {} : { "sts:ExternalId": externalId }),
    },
  };
}

/** AssumeRole. */
export function assumeRole(call: ApiCall): Props {
  const { cloud, input } = call;
  const role = findRole(cloud, text(input, "RoleArn"));
  // The demand has let nobody through to a role that is not there.
  if (role === undefined) throw new CloudError("NoSuchEntity", `The role ${text(input, "RoleArn")} cannot be found.`, 404);
  const unserved = Object.keys(input).find((name) => UNSERVED.test(name));
  if (unserved !== undefined) throw invalid(`The sandbox does not serve the parameter ${unserved} of AssumeRole.`);
  const sessionName = text(input, "RoleSessionName");
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw invalid(
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}`,
    );
  }
  const session = assumeSession(cloud, role, {
    sessionName,
    lifetime: secondsOf(call, role) * 1000,
    policies: policiesOf(call),
  });
  const who = callerOf(cloud, session);
  return {
    AssumedRoleUser: { AssumedRoleId: who.userId, Arn: who.arn },
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secret,
      SessionToken: session.token,
      Expiration: new Date(session.expires).toISOString(),
    },
  };
}

function secondsOf({ caller, input }: ApiCall, role: Resource): number {
  const seconds = Number(text(input, "DurationSeconds") || USUAL_SECONDS);
  if (!Number.isInteger(seconds) || seconds < LEAST_SECONDS) {
    throw invalid(
      `1 validation error detected: Value '${text(input, "DurationSeconds")}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to ${LEAST_SECONDS}`,
    );
  }
  if (caller.session.roleArn !== "" && seconds > CHAINED_SECONDS)
    throw invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  if (seconds > Number(role.outputs["maxSessionDuration"] ?? USUAL_SECONDS))
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  return seconds;
}

/** What the session is held to: the policy given with the call, and managed ones named by it. */
function policiesOf({ cloud, input }: ApiCall): string[] {
  const inline = text(input, "Policy");
  if (inline.length > LONGEST_POLICY) {
    throw invalid(
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_POLICY}`,
    );
  }
  if (inline !== "") parsePolicy(inline, "identity");
  const arns = Object.keys(input).flatMap((name) => (/^PolicyArns\.member\.\d+\.arn$/.test(name) ? [text(input, name)] : []));
  if (arns.length > MOST_POLICIES) throw invalid(`At most ${MOST_POLICIES} PolicyArns can be given, not ${arns.length}.`);
  const managed = arns.map((arn) => {
    const document = documentOf(cloud, arn);
    if (document === "") throw invalid(`Policy ${arn} does not exist, or the sandbox does not have its text.`);
    return document;
  });
  return inline === "" ? managed : [inline, ...managed];
}

function invalid(message: string): CloudError {
  return new CloudError("ValidationError", message);
}
