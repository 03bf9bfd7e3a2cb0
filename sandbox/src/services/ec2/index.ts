import type { ResourceDefinition } from "../../core/definition.ts";
import { eipAssociation } from "./eip-association.ts";
import { eip } from "./eip.ts";
import { networkInterface } from "./instance-network-interface.ts";
import { instance } from "./instance.ts";
import { launchTemplate } from "./launch-template.ts";
import { ec2NetworkDefinitions } from "./network.ts";

/** What EC2 serves: networks, disks, servers and their addresses. */
export const ec2Definitions: readonly ResourceDefinition[] = [
  ...ec2NetworkDefinitions,
  networkInterface,
  launchTemplate,
  instance,
  eip,
  eipAssociation,
];
