import { Eip } from "@pulumi/aws/ec2/eip.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route, type RouteArgs } from "@pulumi/aws/ec2/route.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "../shared/tags.ts";
import { planCidrs } from "./cidr-plan.ts";
import { natInstance } from "./nat-instance.ts";
import type { PerZone } from "./network.ts";

/** How servers without an address reach the internet. */
export type Nat = "none" | "one" | "per-zone" | "instance";

/** A service of AWS, as its endpoint is named. */
export type EndpointService =
  | "autoscaling"
  | "ec2"
  | "ecr.api"
  | "ecr.dkr"
  | "kms"
  | "logs"
  | "monitoring"
  | "secretsmanager"
  | "sqs"
  | "ssm"
  | "ssmmessages"
  | "xray";

/** The services that the product and its servers use all the time. */
const SERVICES: readonly EndpointService[] = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs", "ssm", "ssmmessages"];

/** What the caller decides about an {@link Egress}. */
export interface EgressArgs {
  /** The region of the zones, such as `eu-central-1`. */
  readonly region: string;
  /** The network. */
  readonly vpcId: pulumi.Input<string>;
  /** The network's /16, in which the endpoints have their room. */
  readonly cidr: string;
  /** The network's zones, in its order. */
  readonly zones: PerZone<string>;
  /** The network's public subnets, in the order of `zones`. */
  readonly publicSubnetIds: PerZone<pulumi.Input<string>>;
  /** The route tables of the network's private subnets, in the order of `zones`. */
  readonly privateRouteTableIds: PerZone<pulumi.Input<string>>;
  /** How private subnets reach the internet: not at all, by one NAT gateway, by one in each zone, or by a small server that does the same. @default "one" */
  readonly nat?: Nat;
  /** The small server: Amazon Linux 2023 for its processor, and a type such as `t4g.nano`. @default - needed with nat "instance" only */
  readonly natServer?: { readonly amiId: string; readonly instanceType: string };
  /** Services of AWS that are reached inside the network. @default - ECR, logs, Secrets Manager, SQS and Systems Manager */
  readonly endpoints?: readonly EndpointService[];
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * The way out of the private subnets: to the internet through NAT, and to services of AWS through endpoints inside the network. S3 has its own way already, which is free.
 *
 * One NAT gateway is enough until a failed zone must not stop what calls others outside; then `per-zone`. The choice can be changed at any time: routes are updated in place, and
 * connections that are open outwards begin anew. The addresses from which the platform speaks stay those of the zone that keeps its gateway.
 *
 * With `none` a server reaches what has an endpoint, and nothing else: not the image of another registry, nor the certificates of Aurora, which the product's unit fetches
 * at its start.
 *
 * **Cost**: 38 USD a month for each NAT gateway (0.052 USD an hour) and 0.052 USD a GB; an instance 3.50 USD a month and no charge for traffic; 3.65 USD for each address. An
 * endpoint costs 8.80 USD a month in each of three zones, so 184 USD for the seven, and 0.01 USD a GB (Frankfurt). With a NAT gateway and little traffic `[]` is cheaper.
 */
export class Egress extends pulumi.ComponentResource {
  /** The addresses from which the platform speaks to others, for their allow lists. */
  readonly addresses: pulumi.Output<string>[];

  readonly #name: string;
  readonly #args: EgressArgs;

  constructor(name: string, args: EgressArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cidr, endpoints = SERVICES, nat = "one", natServer } = args;
    const ranges = planCidrs(cidr).endpoints;
    if (nat === "instance" && natServer === undefined)
      throw new RangeError(
        `Egress "${name}": nat is "instance" and natServer is not given; allowed: with natServer, or another nat`,
      );
    super("platform:network:Egress", name, {}, opts);
    this.#name = name;
    this.#args = args;

    this.addresses = this.#natRoutes(nat);
    if (endpoints.length > 0) this.#endpoints(endpoints, ranges);
    this.registerOutputs({ addresses: this.addresses });
  }

  /** Resources are named by the zone's letter, like those of the network. */
  #letter(index: 0 | 1 | 2): string {
    return this.#args.zones[index].slice(this.#args.region.length);
  }

  /** The ways out that there are, and a route to one of them for each private subnet. */
  #natRoutes(nat: Nat): pulumi.Output<string>[] {
    if (nat === "none") return [];
    const places = nat === "per-zone" ? ([0, 1, 2] as const) : ([0] as const);
    const ways = places.map((index) => (nat === "instance" ? this.#instance(index) : this.#gateway(index)));
    for (const index of [0, 1, 2] as const) {
      const way = ways[index] ?? ways[0];
      if (way === undefined) continue;
      new Route(
        `${this.#name}-internet-${this.#letter(index)}`,
        { routeTableId: this.#args.privateRouteTableIds[index], destinationCidrBlock: "0.0.0.0/0", ...way.route },
        { parent: this },
      );
    }
    return ways.map(({ address }) => address);
  }

  #address(index: 0 | 1 | 2): Eip {
    const name = `${this.#name}-address-${this.#letter(index)}`;
    return new Eip(name, { domain: "vpc", tags: named(name, this.#args.tags) }, { parent: this });
  }

  #gateway(index: 0 | 1 | 2): WayOut {
    const name = `${this.#name}-nat-${this.#letter(index)}`;
    const address = this.#address(index);
    const gateway = new NatGateway(
      name,
      { allocationId: address.id, subnetId: this.#args.publicSubnetIds[index], tags: named(name, this.#args.tags) },
      { parent: this },
    );
    return { address: address.publicIp, route: { natGatewayId: gateway.id } };
  }

  #instance(index: 0 | 1 | 2): WayOut {
    const { cidr, natServer = { amiId: "", instanceType: "" }, publicSubnetIds, tags, vpcId } = this.#args;
    const address = this.#address(index);
    const instance = natInstance(
      `${this.#name}-nat`,
      { ...natServer, cidr, vpcId, subnetId: publicSubnetIds[index], allocationId: address.id, tags },
      { parent: this },
    );
    return { address: address.publicIp, route: { networkInterfaceId: instance.primaryNetworkInterfaceId } };
  }

  #endpoints(services: readonly EndpointService[], ranges: readonly string[]): void {
    const { cidr, region, tags, vpcId, zones } = this.#args;
    const name = this.#name;
    const subnetIds = ([0, 1, 2] as const).map((index) => {
      const role = `${name}-endpoints-${this.#letter(index)}`;
      const cidrBlock = ranges[index] ?? "";
      const args = { vpcId, availabilityZone: zones[index], cidrBlock, mapPublicIpOnLaunch: false, tags: named(role, tags) };
      return new Subnet(role, args, { parent: this }).id;
    });
    const description = "AWS services, from inside the network";
    const group = new SecurityGroup(
      `${name}-endpoints`,
      { vpcId, description, tags: named(`${name}-endpoints`, tags) },
      { parent: this },
    );
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: cidr, description: "The network", tags };
    new SecurityGroupIngressRule(`${name}-into-endpoints`, { ...https, securityGroupId: group.id }, { parent: this });
    for (const service of services) {
      const role = `${name}-${service.replace(".", "-")}`;
      new VpcEndpoint(
        role,
        {
          vpcId,
          vpcEndpointType: "Interface",
          serviceName: `com.amazonaws.${region}.${service}`,
          subnetIds,
          securityGroupIds: [group.id],
          // Programs find the endpoint under the service's ordinary name.
          privateDnsEnabled: true,
          tags: named(role, tags),
        },
        { parent: this },
      );
    }
  }
}

/** One way out: its address, and how a route leads to it. */
interface WayOut {
  readonly address: pulumi.Output<string>;
  readonly route: Pick<RouteArgs, "natGatewayId" | "networkInterfaceId">;
}
