import type { Cloud } from "../../core/cloud.ts";
import { text } from "../../core/values.ts";
import { parsePolicy, type Statement } from "../iam/policy-document.ts";
import { SECRET } from "./store.ts";

export const SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy";

/** A secret's own policy as text, whether given with the secret or beside it; empty where it has none. */
export function policyTextOf(cloud: Cloud, arn: string): string {
  const beside = cloud.world.all(SECRET_POLICY).find((row) => row.id === arn);
  const document = text((beside ?? cloud.world.get(SECRET, arn))?.outputs ?? {}, "policy");
  return document === "{}" ? "" : document;
}

/** The statements of a secret's own policy. */
export function policyOfSecret(cloud: Cloud, arn: string): readonly Statement[] {
  const document = policyTextOf(cloud, arn);
  return document === "" ? [] : parsePolicy(document, "resource", "MalformedPolicyDocumentException");
}
