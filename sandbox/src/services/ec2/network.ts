import type { ResourceDefinition } from "../../core/definition.ts";
import { defaultNetworkAcl } from "./default-network-acl.ts";
import { defaultRouteTable } from "./default-route-table.ts";
import { defaultSecurityGroup } from "./default-security-group.ts";
import { ebsEncryptionByDefault } from "./ebs-encryption-by-default.ts";
import { ebsVolume } from "./ebs-volume.ts";
import { flowLog } from "./flow-log.ts";
import { instanceMetadataDefaults } from "./instance-metadata-defaults.ts";
import { internetGatewayAttachment } from "./internet-gateway-attachment.ts";
import { internetGateway } from "./internet-gateway.ts";
import { mainRouteTableAssociation } from "./main-route-table-association.ts";
import { natGateway } from "./nat-gateway.ts";
import { routeTableAssociation } from "./route-table-association.ts";
import { routeTable } from "./route-table.ts";
import { route } from "./route.ts";
import { securityGroupEgressRule, securityGroupIngressRule } from "./security-group-rule.ts";
import { securityGroup } from "./security-group.ts";
import { subnet } from "./subnet.ts";
import { volumeAttachment } from "./volume-attachment.ts";
import { vpcEndpointRouteTableAssociation } from "./vpc-endpoint-route-table-association.ts";
import { vpcEndpoint } from "./vpc-endpoint.ts";
import { vpc } from "./vpc.ts";

/** The network half of EC2, its disks and its regional settings. */
export const ec2NetworkDefinitions: ResourceDefinition[] = [
  vpc,
  subnet,
  internetGateway,
  internetGatewayAttachment,
  routeTable,
  route,
  routeTableAssociation,
  mainRouteTableAssociation,
  defaultRouteTable,
  securityGroup,
  securityGroupIngressRule,
  securityGroupEgressRule,
  defaultSecurityGroup,
  defaultNetworkAcl,
  vpcEndpoint,
  vpcEndpointRouteTableAssociation,
  natGateway,
  flowLog,
  ebsEncryptionByDefault,
  ebsVolume,
  volumeAttachment,
  instanceMetadataDefaults,
];
