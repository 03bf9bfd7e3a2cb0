import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { text, texts, type Props } from "../../core/values.ts";
import { exceeded, policySize } from "./entities.ts";
import { ATTACHMENT, inlineDocuments, ROLE_POLICY } from "./roles.ts";

/** Managed policies that one role may have (IAM User Guide, "IAM and AWS STS quotas"). */
const MOST_POLICIES = 10;
/** Characters of all inline policies of a role together, white space not counted (the same page). */
const LONGEST_INLINE_POLICIES = 10_240;

/** What a role is to have, of all that counts. */
interface Wanted {
  readonly name: string;
  /** The role's own inputs, as they will be; empty for a role that is gone. */
  readonly inputs: Props;
}

/** Throws `LimitExceeded` if the role would have more managed policies than it may; `more` is one that is about to be attached. */
export function refuseTooManyPolicies(cloud: Cloud, { name, inputs }: Wanted, more?: string): void {
  const attached = cloud.world.all(ATTACHMENT).filter((row) => text(row.inputs, "role") === name);
  const all = new Set([...attached.map((row) => text(row.inputs, "policyArn")), ...texts(inputs, "managedPolicyArns")]);
  if (more !== undefined) all.add(more);
  if (all.size > MOST_POLICIES) throw exceeded("PoliciesPerRole", MOST_POLICIES);
}

/** Throws `LimitExceeded` if the role's inline policies would be too long together; `more` is one that is about to be written under its id. */
export function refuseTooMuchInline(
  cloud: Cloud,
  { name, inputs }: Wanted,
  more?: { readonly id: string; readonly policy: string },
): void {
  const beside = cloud.world.all(ROLE_POLICY).filter((row) => text(row.inputs, "role") === name && row.id !== more?.id);
  const all = [...inlineDocuments(inputs), ...beside.map((row) => text(row.outputs, "policy")), more?.policy ?? ""];
  if (all.reduce((sum, document) => sum + policySize(document), 0) <= LONGEST_INLINE_POLICIES) return;
  const message = `Maximum policy size of ${LONGEST_INLINE_POLICIES} bytes exceeded for role ${name}`;
  throw new CloudError("LimitExceeded", message, 409);
}
