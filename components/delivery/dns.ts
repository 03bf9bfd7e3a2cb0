import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import * as pulumi from "@pulumi/pulumi";

/** What the caller decides about {@link Dns}. */
export interface DnsArgs {
  /** The full name, such as `shop.example.com`. */
  readonly domain: string;
  /** The Route 53 hosted zone in which the name lies, such as `Z0123456789ABCDEFGHIJ`. */
  readonly zoneId: string;
  /** IPv4 address to which the name leads. */
  readonly address: pulumi.Input<string>;
  /** Seconds for which resolvers may remember the address. @default 60 */
  readonly ttlSeconds?: number;
}

/**
 * The product's name in a Route 53 zone that exists already.
 *
 * **Cost**: 0.40 USD for a million look-ups; the zone itself (0.50 USD a month) is not made here.
 */
export class Dns extends pulumi.ComponentResource {
  /** The full name, as Route 53 keeps it. */
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: DnsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { address, domain, ttlSeconds = 60, zoneId } = args;
    super("platform:delivery:Dns", name, {}, opts);

    const record = new DnsRecord(
      `${name}-address`,
      { zoneId, name: domain, type: "A", ttl: ttlSeconds, records: [address] },
      { parent: this },
    );

    this.name = record.fqdn;
    this.registerOutputs({ name: this.name });
  }
}
