import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { ec2NetworkDefinitions } from "../../../../sandbox/src/services/ec2/network.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  eipAssociation: "aws:ec2/eipAssociation:EipAssociation",
  endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  endpointAssociation: "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
  flowLog: "aws:ec2/flowLog:FlowLog",
  gateway: "aws:ec2/internetGateway:InternetGateway",
  gatewayAttachment: "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment",
  group: "aws:ec2/securityGroup:SecurityGroup",
  defaultGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  ingress: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  nat: "aws:ec2/natGateway:NatGateway",
  route: "aws:ec2/route:Route",
  routeTable: "aws:ec2/routeTable:RouteTable",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  mainAssociation: "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
  subnet: "aws:ec2/subnet:Subnet",
  vpc: "aws:ec2/vpc:Vpc",
} as const;

/** A cloud that serves networks, and short ways to make the things that most tests need first. */
export class NetworkFixture {
  readonly cloud: TestCloud = testCloud();
  readonly stack: Stack = new Stack(this.cloud, ec2NetworkDefinitions);
  #made = 0;

  make(token: string, inputs: Props): Promise<Resource> {
    return this.stack.create(token, `r${++this.#made}`, inputs);
  }

  vpc(cidrBlock = "10.0.0.0/16"): Promise<Resource> {
    return this.make(type.vpc, { cidrBlock });
  }

  subnet(vpc: Resource, cidrBlock = "10.0.0.0/24", availabilityZone = "eu-central-1a"): Promise<Resource> {
    return this.make(type.subnet, { vpcId: vpc.id, cidrBlock, availabilityZone });
  }

  group(vpc: Resource, name: string): Promise<Resource> {
    return this.make(type.group, { vpcId: vpc.id, name });
  }

  /** A row that another part of the cloud would have made: what is tested here only looks at it. */
  plant(token: string, id: string, inputs: Props, outputs: Props = {}): Resource {
    const row = { type: token, id, urn: "", region: "eu-central-1", inputs, outputs: { ...inputs, ...outputs } };
    return this.cloud.world.put({ ...row, phase: "ready", claimed: true });
  }
}
