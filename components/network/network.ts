import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import * as pulumi from "@pulumi/pulumi";
import { serviceRole } from "../shared/iam.ts";
import { named, type Tags } from "../shared/tags.ts";
import { planCidrs, type ZoneRanges } from "./cidr-plan.ts";

/** What the caller decides about a {@link Network}. */
export interface NetworkArgs {
  /** The region of the zones, such as `eu-central-1`. */
  readonly region: string;
  /** The account that owns the network; flow logs work for no other. */
  readonly accountId: string;
  /** The region's /16. A change would replace the network and all that stands in it, which is refused. */
  readonly cidr: string;
  /** Three zones of the region; their order decides which range each gets, so it must not change. */
  readonly zones: PerZone<string>;
  /** ARN of the KMS key that encrypts the flow logs. */
  readonly logKeyArn: pulumi.Input<string>;
  /** Days for which the flow logs are kept. */
  readonly logDays: number;
  /** Whether the VPC and the data subnets refuse to be deleted or replaced: the database can't leave them. @default true */
  readonly protect?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** One thing for each of the three zones, in their order. */
export type PerZone<T> = readonly [T, T, T];

/** One kind of subnet: a role in the names of its resources. */
type Tier = "public" | "private" | "data";

/**
 * A VPC over three availability zones with public, private and data subnets, cut so that every later stage finds its room (see cidr-plan.ts).
 *
 * Only the public subnets have a way to the internet. S3 is reached through a gateway endpoint from all of them. The default security group is emptied,
 * and every connection is recorded in flow logs.
 *
 * **Cost**: the VPC, subnets, routes and the gateway endpoint are free. Flow logs cost about 0.60 USD a GB, at this size 1 to 3 USD a month. There is no NAT
 * gateway (35 USD a month each, and traffic), because nothing in the private subnets needs one yet.
 */
export class Network extends pulumi.ComponentResource {
  /** The VPC. */
  readonly vpcId: pulumi.Output<string>;
  /** Subnets with a way to the internet and from it, in the order of `zones`. */
  readonly publicSubnetIds: PerZone<pulumi.Output<string>>;
  /** Subnets for fleets; no way to the internet yet. */
  readonly privateSubnetIds: PerZone<pulumi.Output<string>>;
  /** The route table of each private subnet, in the order of `zones`, for the way out that a later stage adds. */
  readonly privateRouteTableIds: PerZone<pulumi.Output<string>>;
  /** Subnets for databases and caches; never a way to the internet. */
  readonly dataSubnetIds: PerZone<pulumi.Output<string>>;

  readonly #name: string;
  readonly #args: NetworkArgs;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const plan = planCidrs(args.cidr);
    super("platform:network:Network", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const vpc = new Vpc(
      `${name}-vpc`,
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: named(name, args.tags) },
      { parent: this, protect: args.protect ?? true },
    );
    this.vpcId = vpc.id;
    this.publicSubnetIds = this.#subnets("public", plan.public);
    this.privateSubnetIds = this.#subnets("private", plan.private);
    this.dataSubnetIds = this.#subnets("data", plan.data);
    const publicTable = this.#publicRoutes();
    const privateTables = this.#privateRoutes();
    this.privateRouteTableIds = [privateTables[0].id, privateTables[1].id, privateTables[2].id];
    this.#reachS3([publicTable, ...privateTables, this.#dataRoutes()]);
    this.#emptyDefaultSecurityGroup();
    this.#recordConnections();

    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      privateRouteTableIds: this.privateRouteTableIds,
      dataSubnetIds: this.dataSubnetIds,
    });
  }

  #tags(role: string): Record<string, string> {
    return named(`${this.#name}-${role}`, this.#args.tags);
  }

  /** Resources are named by the zone's letter, not by its place, so that a fourth zone renames nothing. */
  #role(tier: Tier, zone: string): string {
    return `${tier}-${zone.slice(this.#args.region.length)}`;
  }

  #subnets(tier: Tier, ranges: ZoneRanges): PerZone<pulumi.Output<string>> {
    return [this.#subnet(tier, ranges, 0), this.#subnet(tier, ranges, 1), this.#subnet(tier, ranges, 2)];
  }

  #subnet(tier: Tier, ranges: ZoneRanges, index: 0 | 1 | 2): pulumi.Output<string> {
    const role = this.#role(tier, this.#args.zones[index]);
    const args = {
      vpcId: this.vpcId,
      availabilityZone: this.#args.zones[index],
      cidrBlock: ranges[index],
      // Addresses are attached on purpose (Elastic IP), never handed out to whatever starts here.
      mapPublicIpOnLaunch: false,
      tags: this.#tags(role),
    };
    const protect = tier === "data" && (this.#args.protect ?? true);
    return new Subnet(`${this.#name}-${role}`, args, { parent: this, protect }).id;
  }

  #routeTable(role: string, subnetIds: Readonly<Record<string, pulumi.Output<string>>>): RouteTable {
    const table = new RouteTable(`${this.#name}-${role}`, { vpcId: this.vpcId, tags: this.#tags(role) }, { parent: this });
    for (const [subnet, subnetId] of Object.entries(subnetIds)) {
      new RouteTableAssociation(`${this.#name}-${subnet}`, { routeTableId: table.id, subnetId }, { parent: this });
    }
    return table;
  }

  #byZone(tier: Tier, ids: PerZone<pulumi.Output<string>>): Record<string, pulumi.Output<string>> {
    const [one, two, three] = this.#args.zones;
    return { [this.#role(tier, one)]: ids[0], [this.#role(tier, two)]: ids[1], [this.#role(tier, three)]: ids[2] };
  }

  #publicRoutes(): RouteTable {
    const gateway = new InternetGateway(
      `${this.#name}-gateway`,
      { vpcId: this.vpcId, tags: this.#tags("gateway") },
      { parent: this },
    );
    const table = this.#routeTable("public", this.#byZone("public", this.publicSubnetIds));
    const route = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
    new Route(`${this.#name}-public-internet`, route, { parent: this });
    return table;
  }

  /** A table for each zone, so that a later stage can give each zone its own way out without moving a subnet. */
  #privateRoutes(): PerZone<RouteTable> {
    const table = (index: 0 | 1 | 2): RouteTable => {
      const role = this.#role("private", this.#args.zones[index]);
      return this.#routeTable(role, { [role]: this.privateSubnetIds[index] });
    };
    return [table(0), table(1), table(2)];
  }

  #dataRoutes(): RouteTable {
    return this.#routeTable("data", this.#byZone("data", this.dataSubnetIds));
  }

  #reachS3(tables: readonly RouteTable[]): void {
    const args = {
      vpcId: this.vpcId,
      serviceName: `com.amazonaws.${this.#args.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: tables.map((table) => table.id),
      tags: this.#tags("s3"),
    };
    new VpcEndpoint(`${this.#name}-s3`, args, { parent: this });
  }

  #emptyDefaultSecurityGroup(): void {
    // AWS makes this group with every VPC and opens it to its members; it can't be deleted, so its rules are taken away.
    new DefaultSecurityGroup(
      `${this.#name}-default`,
      { vpcId: this.vpcId, tags: this.#tags("default-closed") },
      { parent: this },
    );
  }

  #recordConnections(): void {
    const { accountId, logDays, logKeyArn, tags } = this.#args;
    const name = `${this.#name}-flow`;
    const group = new LogGroup(name, { kmsKeyId: logKeyArn, retentionInDays: logDays, tags }, { parent: this });
    const role = serviceRole(
      name,
      {
        service: "vpc-flow-logs.amazonaws.com",
        description: "Lets VPC flow logs write to their log group",
        statements: [
          {
            Sid: "WriteFlowLogs",
            Action: ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
          },
        ],
        condition: { StringEquals: { "aws:SourceAccount": accountId } },
        tags,
      },
      { parent: this },
    );
    const args = {
      vpcId: this.vpcId,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: this.#tags("flow"),
    };
    new FlowLog(name, args, { parent: this });
  }
}
