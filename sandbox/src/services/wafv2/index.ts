import type { ResourceDefinition } from "../../core/definition.ts";
import { webAclAssociation } from "./web-acl-association.ts";
import { webAclLoggingConfiguration } from "./web-acl-logging-configuration.ts";
import { webAcl } from "./web-acl.ts";

/** AWS WAF: web ACLs before load balancers and distributions. */
export const wafv2Definitions: readonly ResourceDefinition[] = [webAcl, webAclAssociation, webAclLoggingConfiguration];
