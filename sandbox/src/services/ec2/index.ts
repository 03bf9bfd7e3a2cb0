import type { ResourceDefinition } from "../../core/definition.ts";
import { ec2NetworkDefinitions } from "./network.ts";

/** What EC2 serves: networks, disks and servers. */
export const ec2Definitions: readonly ResourceDefinition[] = [...ec2NetworkDefinitions];
