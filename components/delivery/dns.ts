import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import * as pulumi from "@pulumi/pulumi";

/** Something of AWS's to which a name leads without an address of its own: a load balancer or a distribution. */
export interface AliasTarget {
  /** AWS's name of it. */
  readonly name: pulumi.Input<string>;
  /** The hosted zone of AWS in which that name lies. */
  readonly zoneId: pulumi.Input<string>;
}

/** What the caller decides about a {@link Dns}. */
export interface DnsArgs {
  /** The full name, such as `shop.example.com`. */
  readonly domain: string;
  /** The Route 53 hosted zone in which the name lies, such as `Z0123456789ABCDEFGHIJ`. */
  readonly zoneId: string;
  /** IPv4 address to which the name leads. @default - it leads to `alias` */
  readonly address?: pulumi.Input<string>;
  /** Load balancer or distribution to which the name leads. @default - it leads to `address` */
  readonly alias?: AliasTarget;
  /** Whether the name leads to the alias by IPv6 as well, which a distribution understands. @default false */
  readonly ipv6?: boolean;
  /** Seconds for which resolvers may remember the address; an alias has the 60 s of what it leads to. @default 60 */
  readonly ttlSeconds?: number;
}

/**
 * The product's name in a Route 53 zone that exists already. It leads to an address, or to a load balancer or distribution.
 *
 * To move the name from one to the other is an update of the same record, in place and at once: Route 53 has no moment in which the name leads nowhere. Resolvers
 * follow within the seconds that they may remember.
 *
 * **Cost**: 0.40 USD for a million look-ups, none for those of an alias; the zone itself (0.50 USD a month) is not made here.
 */
export class Dns extends pulumi.ComponentResource {
  /** The full name, as Route 53 keeps it. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { address, alias, domain, ipv6 = false, ttlSeconds = 60, zoneId } = args;
    requireOneTarget(`Dns "${name}"`, args);
    super("platform:delivery:Dns", name, {}, opts);

    // Without a look at the target's health: with one target only, an answer that leads nowhere would be no better.
    const aliases = alias && [{ name: alias.name, zoneId: alias.zoneId, evaluateTargetHealth: false }];
    const record = new DnsRecord(
      `${name}-address`,
      {
        zoneId,
        name: domain,
        type: "A",
        ...(aliases && { aliases }),
        ...(address !== undefined && { ttl: ttlSeconds, records: [address] }),
      },
      { parent: this },
    );
    if (ipv6 && aliases) new DnsRecord(`${name}-address6`, { zoneId, name: domain, type: "AAAA", aliases }, { parent: this });

    this.name = record.fqdn;
    this.registerOutputs({ name: this.name });
  }
}

function requireOneTarget(what: string, { address, alias, ipv6 = false }: DnsArgs): void {
  const given = [address, alias].filter((target) => target !== undefined).length;
  if (given !== 1)
    throw new RangeError(`${what}: ${given === 0 ? "neither" : "both"} of address and alias are given; allowed: one of them`);
  if (ipv6 && alias === undefined)
    throw new RangeError(`${what}: ipv6 is true and the name leads to an IPv4 address; allowed: with alias only`);
}
