import { Eip } from "@pulumi/aws/ec2/eip.js";
import { EipAssociation } from "@pulumi/aws/ec2/eipAssociation.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import type { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "../shared/tags.ts";
import { renderCloudInit } from "./cloud-init.ts";
import { HostMetrics } from "./host-metrics.ts";
import { ecrRepository } from "./image.ts";
import { type Reach, serverAccess } from "./server-access.ts";
import type { AppAccess } from "./server-permissions.ts";
import { requireDisk, serverTemplate } from "./server-template.ts";
import { appUnit, proxyUnit } from "./server-units.ts";

/** What the caller decides about an {@link AppServer}. */
export interface AppServerArgs {
  /** Where the server stands, such as `eu-central-1`. */
  readonly region: string;
  /** The VPC of `subnetId`. A change replaces the server. */
  readonly vpcId: pulumi.Input<string>;
  /** A subnet with a route to the internet. A change replaces the server. */
  readonly subnetId: pulumi.Input<string>;
  /** Amazon Linux 2023 for the instance type's processor. A change replaces the server. */
  readonly amiId: string;
  /** Such as `t4g.small`. A change replaces the server. */
  readonly instanceType: string;
  /** Size of the disk, which holds the system, images and nothing else. A change replaces the server. @default 20 */
  readonly diskGib?: number;
  /** The product's container image. A change replaces the server. */
  readonly image: string;
  /** The product's environment, beside `PORT`, `HOST`, `PUBLIC_URL` and the trust in Aurora. A change replaces the server. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** The name under which people reach the product; it gets a certificate by itself. @default - plain HTTP on the server's address */
  readonly domain?: string;
  /** What the product may use. */
  readonly access: AppAccess;
  /** The database's security group and port, into which the server is let. */
  readonly database: Reach;
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * One server that runs the product in a container behind a TLS proxy, on an address that stays.
 *
 * The server holds no data: a new image or setting makes a new one beside the old and then moves the address. That takes a minute or two in which the product does
 * not answer; a company that can't bear it moves to the next stage. There is no SSH and no key: people come in through Session Manager. A failed host is left
 * for a healthy one automatically.
 *
 * Each new server asks Let's Encrypt for a certificate, and gets at most five a week for the same name. Who deploys more often keeps the certificate elsewhere:
 * behind the load balancer of the next stage, or at a CDN before the server.
 *
 * **Cost**: 14 USD a month for a t4g.small, 2 USD for 20 GiB of disk, 3.65 USD for the address, 0.09 USD a GB sent to the internet after the first 100 GB (Frankfurt).
 */
export class AppServer extends pulumi.ComponentResource {
  /** Where people reach the product. */
  readonly url: pulumi.Output<string>;
  /** The address that stays. */
  readonly publicIp: pulumi.Output<string>;
  /** Main child, for alarms. */
  readonly instance: Instance;

  readonly #name: string;
  readonly #args: AppServerArgs;

  constructor(name: string, args: AppServerArgs, opts?: pulumi.ComponentResourceOptions) {
    requireDisk(`AppServer "${name}"`, args.diskGib);
    super("platform:compute:AppServer", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const address = new Eip(`${name}-address`, { domain: "vpc", tags: named(name, args.tags) }, { parent: this });
    this.publicIp = address.publicIp;
    this.url = args.domain === undefined ? pulumi.interpolate`http://${this.publicIp}` : pulumi.output(`https://${args.domain}`);
    const parts = { securityGroupId: this.#securityGroup().id, userData: this.#userData() };
    const template = serverTemplate(name, { ...args, ...parts }, { parent: this });
    this.instance = this.#instance(template);
    new EipAssociation(
      `${name}-address`,
      // The new server takes the address over before the old one is deleted.
      { allocationId: address.id, instanceId: this.instance.id, allowReassociation: true },
      { parent: this },
    );
    new HostMetrics(`${name}-metrics`, { serverName: name, tags: args.tags }, { parent: this });

    this.registerOutputs({ url: this.url, publicIp: this.publicIp, instanceId: this.instance.id });
  }

  #securityGroup(): SecurityGroup {
    const { database, tags, vpcId } = this.#args;
    const child = { parent: this };
    const name = this.#name;
    const description = "The web from anyone, the database and TLS to the outside";
    const group = serverAccess(name, { vpcId, description, reaches: { database }, tags }, child);
    // Port 80 stays open beside 443: it redirects people, and the certificate authority may ask there.
    for (const [role, port] of Object.entries({ http: 80, https: 443 })) {
      const range = { ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port };
      const args = { ...range, securityGroupId: group.id, description: `${role.toUpperCase()} from anyone`, tags };
      new SecurityGroupIngressRule(`${name}-in-${role}`, args, child);
    }
    return group;
  }

  #userData(): pulumi.Output<string> {
    const { access, domain, environment, image, region } = this.#args;
    const ecr = ecrRepository(image);
    return pulumi.all([environment, this.url, access.logGroup.name]).apply(([values, url, group]) => {
      const units = [appUnit(image, { ...values, PUBLIC_URL: url }, region), proxyUnit(domain)];
      const text = renderCloudInit({ units, logs: { region, group }, ...(ecr && { registries: [ecr.host] }) });
      return Buffer.from(text).toString("base64");
    });
  }

  #instance(template: LaunchTemplate): Instance {
    const version = template.latestVersion.apply(String);
    return new Instance(
      `${this.#name}-instance`,
      { launchTemplate: { id: template.id, version }, subnetId: this.#args.subnetId, tags: named(this.#name, this.#args.tags) },
      // User data is read at the first start only, so a new version of the template means a new server.
      { parent: this, replaceOnChanges: ["launchTemplate.version"] },
    );
  }
}
