import type * as pulumi from "@pulumi/pulumi";
import type { AliasTarget } from "./dns.ts";

/** Where a content delivery network gets what it does not hold. */
export interface Origin {
  /** The name under which the load balancer is reached, of which its certificate speaks. */
  readonly domain: string;
  /** By which the load balancer knows the network; see `LoadBalancer.originSecret`. */
  readonly secret: pulumi.Input<string>;
}

/** A content delivery network before the product, whichever company runs it. */
export interface ContentDelivery {
  /** Where people reach the product. */
  readonly url: string;
  /** Where the product's name must lead to reach the network; undefined where the network leads the name to itself. */
  readonly alias: AliasTarget | undefined;
}
