import { Eip } from "@pulumi/aws/ec2/eip.js";
import { EipAssociation } from "@pulumi/aws/ec2/eipAssociation.js";
import { Instance } from "@pulumi/aws/ec2/instance.js";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { type Statement, serviceRole } from "../shared/iam.ts";
import { named, type Tags } from "../shared/tags.ts";
import { renderCloudInit } from "./cloud-init.ts";
import { HostMetrics } from "./host-metrics.ts";
import { ecrRepository } from "./image.ts";
import { isBurstable } from "./instance-type.ts";
import { type AppAccess, appStatements } from "./server-permissions.ts";
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
  readonly database: { readonly securityGroupId: pulumi.Input<string>; readonly port: number };
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
    requireBetween(`AppServer "${name}": diskGib`, args.diskGib ?? 20, 8, 16_384);
    super("platform:compute:AppServer", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const address = new Eip(`${name}-address`, { domain: "vpc", tags: named(name, args.tags) }, { parent: this });
    this.publicIp = address.publicIp;
    this.url = args.domain === undefined ? pulumi.interpolate`http://${this.publicIp}` : pulumi.output(`https://${args.domain}`);
    const template = this.#template(this.#securityGroup(), this.#profile());
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
    const group = new SecurityGroup(`${name}-access`, { vpcId, description, tags: named(name, tags) }, child);
    const anyone = { securityGroupId: group.id, ipProtocol: "tcp", cidrIpv4: "0.0.0.0/0", tags };
    // Port 80 stays open beside 443: it redirects people, and the certificate authority may ask there.
    for (const [role, port] of Object.entries({ http: 80, https: 443 })) {
      const args = { ...anyone, fromPort: port, toPort: port, description: `${role.toUpperCase()} from anyone` };
      new SecurityGroupIngressRule(`${name}-in-${role}`, args, child);
    }
    const out = { ...anyone, fromPort: 443, toPort: 443, description: "Images, AWS services, payment providers" };
    new SecurityGroupEgressRule(`${name}-out-https`, out, child);
    const port = { ipProtocol: "tcp", fromPort: database.port, toPort: database.port, tags };
    const toDatabase = {
      ...port,
      securityGroupId: group.id,
      referencedSecurityGroupId: database.securityGroupId,
      description: "The database",
    };
    new SecurityGroupEgressRule(`${name}-out-database`, toDatabase, child);
    const fromServer = {
      ...port,
      securityGroupId: database.securityGroupId,
      referencedSecurityGroupId: group.id,
      description: "The product",
    };
    new SecurityGroupIngressRule(`${name}-into-database`, fromServer, child);
    return group;
  }

  #profile(): InstanceProfile {
    const { access, image, tags } = this.#args;
    const role = serviceRole(
      `${this.#name}-role`,
      {
        service: "ec2.amazonaws.com",
        description: "What the product's server may do",
        managed: ["AmazonSSMManagedInstanceCore"],
        statements: [...appStatements(access), ...pullStatements(image)],
        tags,
      },
      { parent: this },
    );
    return new InstanceProfile(`${this.#name}-profile`, { role: role.name, tags }, { parent: this });
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

  #template(group: SecurityGroup, profile: InstanceProfile): LaunchTemplate {
    const { amiId, diskGib = 20, instanceType, tags } = this.#args;
    const name = this.#name;
    return new LaunchTemplate(
      `${name}-template`,
      {
        imageId: amiId,
        instanceType,
        // Out of credits, a limited server would slow down to a fraction; one that borrows costs a little more, and an alarm says so.
        ...(isBurstable(instanceType) && { creditSpecification: { cpuCredits: "unlimited" } }),
        userData: this.#userData(),
        iamInstanceProfile: { arn: profile.arn },
        vpcSecurityGroupIds: [group.id],
        // One hop: a container on the host's network reaches the metadata, one on a network of its own does not.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: { volumeSize: diskGib, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
          },
        ],
        maintenanceOptions: { autoRecovery: "default" },
        monitoring: { enabled: true },
        tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: named(name, tags) })),
        updateDefaultVersion: true,
        tags,
      },
      { parent: this },
    );
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

/** Leave to pull the image, when it is in ECR; other registries are public. */
function pullStatements(image: string): Statement[] {
  const repository = ecrRepository(image);
  if (repository === undefined) return [];
  return [
    { Sid: "SignInToEcr", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "PullTheImage",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: repository.arn,
    },
  ];
}
