import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Listener } from "@pulumi/aws/lb/listener.js";
import { ListenerRule } from "@pulumi/aws/lb/listenerRule.js";
import { LoadBalancer as Balancer } from "@pulumi/aws/lb/loadBalancer.js";
import { TargetGroup } from "@pulumi/aws/lb/targetGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { shortName } from "../shared/names.ts";
import { named, type Tags } from "../shared/tags.ts";
import { LogBucket } from "../storage/log-bucket.ts";
import type { AliasTarget } from "./dns.ts";
import { originSecret, ORIGIN_HEADER, type OriginSecret } from "./origin-secret.ts";

/** What the caller decides about a {@link LoadBalancer}. */
export interface LoadBalancerArgs {
  /** The region, whose load balancers write the access logs. */
  readonly region: string;
  /** The account, whose load balancers write the access logs. */
  readonly accountId: string;
  /** The VPC of the subnets. A change replaces the load balancer. */
  readonly vpcId: pulumi.Input<string>;
  /** Public subnets, each in a zone of its own. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** A certificate of the same region for the names under which the load balancer is asked. */
  readonly certificateArn: pulumi.Input<string>;
  /** Who is served: `cdn`, the requests that bring the origin's secret, or `anyone`. All others get 403. @default "cdn" */
  readonly clients?: "cdn" | "anyone";
  /** Groups of servers by name, each with its weight (0 to 999): the share of the requests that it gets. A name is never changed. @default { servers: 100 } */
  readonly weights?: Readonly<Record<string, number>>;
  /** The port on which the product listens. A change replaces the groups. @default 8080 */
  readonly port?: number;
  /** What a server answers with 200 as long as it can take requests. @default "/readyz" */
  readonly healthPath?: string;
  /** Seconds in which the share of a new server grows to the full; 0, or 30 to 900. @default 30 */
  readonly slowStartSeconds?: number;
  /** Seconds that requests under way have to end when a server leaves. @default 60 */
  readonly drainSeconds?: number;
  /** To change the origin's secret, raise it by one: the load balancer takes the last one beside the new. @default 1 */
  readonly secretGeneration?: number;
  /** Days for which access logs are kept. @default 90 */
  readonly logDays?: number;
  /** Whether load balancer and logs refuse to be deleted. @default true */
  readonly protect?: boolean;
  /** Whether the logs stay in the cloud when the load balancer leaves the stack, until they expire. @default - the same as `protect` */
  readonly keepLogs?: boolean;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/** A group of servers behind a load balancer. */
export interface BalancerTarget {
  /** Known once the load balancer sends requests to the group. */
  readonly arn: pulumi.Output<string>;
  /** The last part of the ARN, by which CloudWatch knows the group. */
  readonly arnSuffix: pulumi.Output<string>;
  /** By which Auto Scaling finds the requests of the group. */
  readonly requestLabel: pulumi.Output<string>;
}

/**
 * An Application Load Balancer for HTTPS: it asks each server every ten seconds whether it can work, lets new ones warm up and lets old ones end what they began.
 *
 * Plain HTTP gets the way to HTTPS. TLS is 1.2 or 1.3. Headers that are not valid HTTP are dropped.
 *
 * Behind a content delivery network it serves only what the network passes on: the network adds a header with a secret, and a listener rule lets in nothing
 * without it. The secret is a random password, held in the stack's state (encrypted) and at the two ends. It is in no Secrets Manager, because nobody reads
 * it at run time: both ends are set by the same update, and a copy would be one more place to lose it from.
 *
 * With two groups of servers in `weights`, requests move from one to the other by a change of two numbers, in place.
 *
 * **Cost**: 19.71 USD a month, and 5.84 USD for each load balancer unit that is in use: 25 new connections a second or 1 GB an hour; 3.65 USD for each of the three
 * public addresses (Frankfurt).
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Where a name must lead to reach it. */
  readonly alias: AliasTarget;
  /** AWS's own name of it. */
  readonly dnsName: pulumi.Output<string>;
  /** ARN, for a firewall. */
  readonly arn: pulumi.Output<string>;
  /** The last part of the ARN, by which CloudWatch knows it. */
  readonly arnSuffix: pulumi.Output<string>;
  /** The group that servers must let in. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The port on which it speaks to servers. */
  readonly port: number;
  /** The groups of servers by the names in `weights`. */
  readonly targets: Readonly<Record<string, BalancerTarget>>;
  /** The value of the header `X-Origin-Secret`; known once the load balancer takes it. */
  readonly originSecret: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: LoadBalancerArgs;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { port = 8080, weights = { servers: 100 } } = args;
    requireSound(`LoadBalancer "${name}"`, args, weights);
    super("platform:delivery:LoadBalancer", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.port = port;

    const group = this.#securityGroup();
    this.securityGroupId = group.id;
    const balancer = this.#balancer(group);
    const groups = Object.keys(weights).map((role) => [role, this.#targetGroup(role)] as const);
    const secret = originSecret(`${name}-origin-secret`, args.secretGeneration ?? 1, { parent: this });
    const rule = this.#listen(balancer, secret, groups, weights);

    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.alias = { name: balancer.dnsName, zoneId: balancer.zoneId };
    this.targets = Object.fromEntries(
      groups.map(([role, { arn, arnSuffix }]) => [
        role,
        {
          // Auto Scaling waits for servers to be healthy, and a group that gets no requests is never asked for its health.
          arn: pulumi.all([arn, rule.arn]).apply(([known]) => known),
          arnSuffix,
          requestLabel: pulumi.interpolate`${balancer.arnSuffix}/${arnSuffix}`,
        },
      ]),
    );
    this.originSecret = pulumi.all([secret.current, rule.arn]).apply(([value]) => value);
    this.registerOutputs({ arn: this.arn, dnsName: this.dnsName, securityGroupId: this.securityGroupId, targets: this.targets });
  }

  #securityGroup(): SecurityGroup {
    const { tags, vpcId } = this.#args;
    const name = this.#name;
    const description = "The web from anyone, and the servers behind it";
    const group = new SecurityGroup(`${name}-access`, { vpcId, description, tags: named(name, tags) }, { parent: this });
    for (const [role, port] of Object.entries({ http: 80, https: 443 })) {
      const range = { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port };
      const args = { ...range, securityGroupId: group.id, description: `${role.toUpperCase()} from anyone`, tags };
      new SecurityGroupIngressRule(`${name}-in-${role}`, args, { parent: this });
    }
    return group;
  }

  #balancer(group: SecurityGroup): Balancer {
    const { accountId, logDays: days = 90, protect = true, region, subnetIds, tags } = this.#args;
    const { keepLogs = protect } = this.#args;
    const logs = new LogBucket(
      `${this.#name}-logs`,
      {
        accountId,
        service: "logdelivery.elasticloadbalancing.amazonaws.com",
        sourceArn: `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*`,
        days,
        protect,
        keep: keepLogs,
        tags,
      },
      { parent: this },
    );
    return new Balancer(
      `${this.#name}-balancer`,
      {
        name: shortName(this.#name, 32),
        loadBalancerType: "application",
        internal: false,
        subnets: [...subnetIds],
        securityGroups: [group.id],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        // Longer than the 60 s for which CloudFront keeps a connection to its origin.
        idleTimeout: 65,
        accessLogs: { bucket: logs.bucketName, enabled: true },
        enableDeletionProtection: protect,
        tags: named(this.#name, tags),
      },
      { parent: this, protect },
    );
  }

  #targetGroup(role: string): TargetGroup {
    const { drainSeconds = 60, healthPath = "/readyz", slowStartSeconds = 30, tags, vpcId } = this.#args;
    return new TargetGroup(
      `${this.#name}-to-${role}`,
      {
        // A group that is replaced stands beside its successor for a while, so the name is not fixed; ELB leaves room for six letters.
        namePrefix: `${shortName(role, 5)}-`,
        vpcId,
        targetType: "instance",
        protocol: "HTTP",
        port: this.port,
        // A server that fails is out after 20 s, and one that recovers is back after as long.
        healthCheck: { path: healthPath, matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
        slowStart: slowStartSeconds,
        deregistrationDelay: drainSeconds,
        tags,
      },
      { parent: this },
    );
  }

  #listen(
    balancer: Balancer,
    secret: OriginSecret,
    groups: readonly (readonly [string, TargetGroup])[],
    weights: Readonly<Record<string, number>>,
  ): ListenerRule {
    const { certificateArn, clients = "cdn", tags } = this.#args;
    const child = { parent: this };
    const to = { loadBalancerArn: balancer.arn, tags };
    const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
    new Listener(
      `${this.#name}-http`,
      { ...to, protocol: "HTTP", port: 80, defaultActions: [{ type: "redirect", redirect }] },
      child,
    );
    const fixedResponse = { statusCode: "403", contentType: "text/plain", messageBody: "Forbidden" };
    const listener = new Listener(
      `${this.#name}-https`,
      {
        ...to,
        protocol: "HTTPS",
        port: 443,
        certificateArn,
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        defaultActions: [{ type: "fixed-response", fixedResponse }],
      },
      child,
    );
    const secretGiven = { httpHeader: { httpHeaderName: ORIGIN_HEADER, values: secret.accepted } };
    const targetGroups = groups.map(([role, { arn }]) => ({ arn, weight: weights[role] ?? 0 }));
    return new ListenerRule(
      `${this.#name}-forward`,
      {
        listenerArn: listener.arn,
        priority: 100,
        conditions: [clients === "cdn" ? secretGiven : { pathPattern: { values: ["*"] } }],
        actions: [{ type: "forward", forward: { targetGroups } }],
        tags,
      },
      child,
    );
  }
}

/** ELB takes at most five groups in one rule ("Quotas for your Application Load Balancers"). */
const MOST_GROUPS = 5;

function requireSound(what: string, args: LoadBalancerArgs, weights: Readonly<Record<string, number>>): void {
  const { drainSeconds = 60, secretGeneration = 1, slowStartSeconds = 30 } = args;
  requireBetween(`${what}: the number of groups in weights`, Object.keys(weights).length, 1, MOST_GROUPS);
  for (const role of Object.keys(weights))
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(role))
      throw new RangeError(
        `${what}: weights names a group "${role}"; allowed: small letters, digits and single hyphens, a letter first`,
      );
  for (const [role, weight] of Object.entries(weights)) requireBetween(`${what}: weights.${role}`, weight, 0, 999);
  if (slowStartSeconds !== 0) requireBetween(`${what}: slowStartSeconds`, slowStartSeconds, 30, 900);
  requireBetween(`${what}: drainSeconds`, drainSeconds, 0, 3600);
  requireBetween(`${what}: secretGeneration`, secretGeneration, 1, 1_000_000);
}
