import { HealthCheck } from "@pulumi/aws/route53/healthCheck.js";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "../shared/tags.ts";

/** What the caller decides about a {@link Canary}. */
export interface CanaryArgs {
  /** The name under which people reach the product. */
  readonly domain: string;
  /** What is asked for; it must be answered with 2xx or 3xx within four seconds. @default "/readyz" */
  readonly path?: string;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * Asks for the product from outside, as people do: by its name, over TLS, from several continents, every half minute. It sees what nothing inside can: a name that leads
 * nowhere, a certificate that has expired, a delivery network that is away.
 *
 * Its alarm stands in an `EdgeMonitoring`, as Route 53 measures in us-east-1 only.
 *
 * **Cost**: 2.50 USD a month: 0.50 USD for the check, 1 USD each for TLS and for measuring the time.
 */
export class Canary extends pulumi.ComponentResource {
  /** By which CloudWatch knows the check. */
  readonly healthCheckId: pulumi.Output<string>;

  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { domain, path = "/readyz", tags } = args;
    if (!path.startsWith("/")) throw new RangeError(`Canary "${name}": path is ${path}; allowed: a path that begins with /`);
    super("platform:observability:Canary", name, {}, opts);

    const check = new HealthCheck(
      `${name}-check`,
      {
        type: "HTTPS",
        fqdn: domain,
        port: 443,
        resourcePath: path,
        enableSni: true,
        requestInterval: 30,
        failureThreshold: 3,
        measureLatency: true,
        tags: named(name, tags),
      },
      { parent: this },
    );
    this.healthCheckId = check.id;
    this.registerOutputs({ healthCheckId: this.healthCheckId });
  }
}
