import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import { InstanceProfile } from "@pulumi/aws/iam/instanceProfile.js";
import type * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { type Statement, serviceRole } from "../shared/iam.ts";
import { named, type Tags } from "../shared/tags.ts";
import { ecrRepository } from "./image.ts";
import { isBurstable } from "./instance-type.ts";
import { type AppAccess, appStatements } from "./server-permissions.ts";

/** Size of a server's disk unless the caller says otherwise, in GiB. */
const DISK_GIB = 20;

/** What every server of the product is made from. */
export interface ServerTemplateArgs {
  readonly amiId: string;
  readonly instanceType: string;
  /** @default 20 */
  readonly diskGib?: number | undefined;
  /** The product's container image, which the server may pull when it is in ECR. */
  readonly image: string;
  /** What the product may use. */
  readonly access: AppAccess;
  /** What the server may do beside that. @default - nothing */
  readonly statements?: readonly Statement[];
  readonly securityGroupId: pulumi.Input<string>;
  /** A `#cloud-config`, in Base64. */
  readonly userData: pulumi.Input<string>;
  readonly tags: Tags;
}

/** Refuses a disk that EC2 does not make. */
export function requireDisk(what: string, diskGib: number = DISK_GIB): void {
  requireBetween(`${what}: diskGib`, diskGib, 8, 16_384);
}

/**
 * What a server of the product is made from, as children of `opts.parent`: its role (`<name>-role`), the profile that hands the role to it (`<name>-profile`)
 * and the launch template (`<name>-template`).
 *
 * No SSH and no key: people come in through Session Manager. The metadata asks for a session token, and the disk is encrypted.
 */
export function serverTemplate(name: string, args: ServerTemplateArgs, opts: pulumi.CustomResourceOptions): LaunchTemplate {
  const { amiId, diskGib = DISK_GIB, instanceType, securityGroupId, tags, userData } = args;
  return new LaunchTemplate(
    `${name}-template`,
    {
      imageId: amiId,
      instanceType,
      // Out of credits, a limited server would slow down to a fraction; one that borrows costs a little more, and an alarm says so.
      ...(isBurstable(instanceType) && { creditSpecification: { cpuCredits: "unlimited" } }),
      userData,
      iamInstanceProfile: { arn: profile(name, args, opts).arn },
      vpcSecurityGroupIds: [securityGroupId],
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
    opts,
  );
}

function profile(name: string, args: ServerTemplateArgs, opts: pulumi.CustomResourceOptions): InstanceProfile {
  const { access, image, statements = [], tags } = args;
  const role = serviceRole(
    `${name}-role`,
    {
      service: "ec2.amazonaws.com",
      description: "What the product's server may do",
      managed: ["AmazonSSMManagedInstanceCore"],
      statements: [...appStatements(access), ...pullStatements(image), ...statements],
      tags,
    },
    opts,
  );
  return new InstanceProfile(`${name}-profile`, { role: role.name, tags }, opts);
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
