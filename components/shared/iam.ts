import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

/** The version of IAM's policy language; the only current one. */
const LANGUAGE = "2012-10-17";

/** One statement of a policy document. */
export interface Statement {
  /** Letters and digits, unique in the document. */
  readonly Sid: string;
  /** @default "Allow" */
  readonly Effect?: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Principal?: "*" | Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>>;
}

/** A policy document as JSON; statements allow unless they say otherwise. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: LANGUAGE,
    Statement: statements.map((statement) => ({ ...statement, Effect: statement.Effect ?? "Allow" })),
  });
}

/** What a {@link serviceRole} may do, and who takes it on. */
export interface ServiceRoleArgs {
  /** The AWS service that takes the role on, such as `ec2.amazonaws.com`. */
  readonly service: string;
  readonly description: string;
  /** Names of AWS-managed policies, such as `AmazonSSMManagedInstanceCore`. @default - none */
  readonly managed?: readonly string[];
  /** The role's own statements. @default - none */
  readonly statements?: readonly Statement[];
  /** Conditions on who may take the role on; keeps another account's resources from borrowing the service. @default - none */
  readonly condition?: Statement["Condition"];
  readonly tags: Tags;
}

/** A role for an AWS service, and its policies, as children of `opts.parent`; the policies are named `<name>-policy` and `<name>-<managed policy>`. */
export function serviceRole(name: string, args: ServiceRoleArgs, opts: pulumi.CustomResourceOptions): Role {
  const { condition, description, managed = [], service, statements = [], tags } = args;
  const trust: Statement = {
    Sid: "TakenOnByTheService",
    Action: "sts:AssumeRole",
    Principal: { Service: service },
    ...(condition && { Condition: condition }),
  };
  const role = new Role(name, { assumeRolePolicy: policyDocument([trust]), description, tags }, opts);
  if (statements.length > 0) new RolePolicy(`${name}-policy`, { role: role.id, policy: policyDocument(statements) }, opts);
  for (const policy of managed) {
    const policyArn = `arn:aws:iam::aws:policy/${policy}`;
    new RolePolicyAttachment(`${name}-${policy.split("/").at(-1) ?? policy}`, { role: role.name, policyArn }, opts);
  }
  return role;
}
