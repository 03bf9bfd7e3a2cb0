import type { ResourceDefinition } from "../../core/definition.ts";
import { instanceProfile } from "./instance-profile.ts";
import { openIdConnectProvider } from "./open-id-connect-provider.ts";
import { policy } from "./policy.ts";
import { role } from "./role.ts";
import { rolePolicy } from "./role-policy.ts";
import { rolePolicyAttachment } from "./role-policy-attachment.ts";

/** What Identity and Access Management serves. */
export const iamDefinitions: readonly ResourceDefinition[] = [
  role,
  rolePolicy,
  rolePolicyAttachment,
  policy,
  instanceProfile,
  openIdConnectProvider,
];
