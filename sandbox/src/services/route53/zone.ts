import { randomInt } from "node:crypto";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { type Props, text, valuesAt } from "../../core/values.ts";
import { names } from "../ec2/network-errors.ts";
import { VPC } from "../ec2/vpc.ts";
import { matching, ofLength, shown } from "../limits.ts";
import { forgetNames } from "./answers.ts";
import { bare, isDomainName } from "./names.ts";
import { recordsOf, ZONE } from "./rows.ts";

/** Hosted zones an account may have (Route 53 Developer Guide, "Quotas on hosted zones"). */
const MOST_ZONES = 500;
const ID_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function zoneId(): string {
  return `Z0${Array.from({ length: 19 }, () => ID_LETTERS.charAt(randomInt(ID_LETTERS.length))).join("")}`;
}

/** Four name servers under four top-level domains; those of a private zone are always the same and answer nobody outside its VPCs. */
function nameServers(isPrivate: boolean): string[] {
  const block = (first: number): string => {
    const number = isPrivate ? first : first + randomInt(512);
    return `ns-${number}.awsdns-${String(isPrivate ? 0 : randomInt(64)).padStart(2, "0")}`;
  };
  return [`${block(0)}.com`, `${block(512)}.net`, `${block(1024)}.org`, `${block(1536)}.co.uk`];
}

/** The VPCs of a private zone, each with its region. */
function vpcsOf({ inputs, region }: Pick<Operation, "inputs" | "region">): { vpcId: string; vpcRegion: string }[] {
  const listed = valuesAt(inputs, "vpcs[]") as Props[];
  return listed.map((vpc) => ({ vpcId: text(vpc, "vpcId"), vpcRegion: text(vpc, "vpcRegion") || region }));
}

/** A VPC resolves a name through one private zone only. */
function refuseRival(operation: Operation, name: string, own: string | undefined): void {
  for (const { vpcId, vpcRegion } of vpcsOf(operation)) {
    const rival = operation.cloud.world
      .all(ZONE)
      .find((row) => row.id !== own && text(row.outputs, "name") === name && vpcsOf(row).some((vpc) => vpc.vpcId === vpcId));
    if (rival === undefined) continue;
    throw new CloudError(
      "ConflictingDomainExists",
      `The VPC ${vpcId} in region ${vpcRegion} has already been associated with the hosted zone ${rival.id} with the same domain name.`,
    );
  }
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs } = operation;
  const name = bare(text(inputs, "name"));
  if (name === "example.com") throw new CloudError("InvalidDomainName", `${name} is reserved by AWS!`);
  if (cloud.world.all(ZONE).length >= MOST_ZONES) {
    throw new CloudError("TooManyHostedZones", "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more hosted zones.");
  }
  refuseRival(operation, name, undefined);
  const id = zoneId();
  const servers = nameServers(vpcsOf(operation).length > 0);
  return {
    id,
    outputs: {
      arn: `arn:aws:route53:::hostedzone/${id}`,
      name,
      zoneId: id,
      nameServers: servers,
      primaryNameServer: servers[0],
      vpcs: vpcsOf(operation),
    },
  };
}

/** A hosted zone: the DNS records of one domain. Public, or private to the VPCs that it names. */
export const zone: ResourceDefinition = {
  type: ZONE,
  replaceOn: ["delegationSetId", "name"],
  autoName: { property: "name", maxLength: 255 },
  defaults: { comment: "Managed by Pulumi", forceDestroy: false },
  releasedBy: { forceDestroy: true },
  limits: {
    name: (value) =>
      typeof value === "string" && isDomainName(value)
        ? undefined
        : `${shown(value)} is not a domain name, such as shop.example.org`,
    comment: ofLength(0, 256),
    delegationSetId: matching(/^$/, "reusable delegation sets are not served by the sandbox; leave it out"),
  },
  references: [names("vpcs[].vpcId", VPC)],
  create,
  update: (operation, before) => {
    const [was, now] = [vpcsOf(before).length, vpcsOf(operation).length];
    if (was > 0 && now === 0) {
      throw new CloudError(
        "LastVPCAssociation",
        `The VPC ${vpcsOf(before)[0]?.vpcId ?? ""} is the last VPC of the private hosted zone ${before.id} and cannot be disassociated from it.`,
      );
    }
    if (was === 0 && now > 0) {
      throw new CloudError(
        "PublicZoneVPCAssociation",
        `The hosted zone ${before.id} is public; VPCs go with private hosted zones only.`,
      );
    }
    refuseRival(operation, text(before.outputs, "name"), before.id);
    return { name: before.outputs["name"], vpcs: vpcsOf(operation) };
  },
  remove: (cloud, resource) => {
    const records = recordsOf(cloud, resource.id);
    if (records.length > 0 && resource.outputs["forceDestroy"] !== true) {
      throw new CloudError(
        "HostedZoneNotEmpty",
        "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
      );
    }
    for (const record of records) cloud.world.drop(record);
  },
  halt: forgetNames,
};
