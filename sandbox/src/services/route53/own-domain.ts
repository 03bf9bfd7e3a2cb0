import type { Cloud } from "../../core/cloud.ts";
import { ZONE } from "./rows.ts";

/** The hosted zone that every account of the sandbox has from the beginning. */
export const OWN_ZONE = { id: "Z0123456789ABCDEFGHIJ", name: "example.com" } as const;

/**
 * Gives the account its domain, as a company has one before its platform stands: programs put records into the zone by its id and never make it.
 * A zone of that name can't be made, in AWS as here: nobody but the account itself has it. The same again changes nothing.
 */
export function grantDomain({ world }: Pick<Cloud, "world">): void {
  const { id, name } = OWN_ZONE;
  if (world.get(ZONE, id) !== undefined) return;
  const nameServers = ["ns-1.awsdns-00.com", "ns-513.awsdns-00.net", "ns-1025.awsdns-00.org", "ns-1537.awsdns-00.co.uk"];
  const outputs = {
    arn: `arn:aws:route53:::hostedzone/${id}`,
    comment: "",
    forceDestroy: false,
    name,
    zoneId: id,
    nameServers,
    primaryNameServer: nameServers[0],
    vpcs: [],
  };
  // What the cloud itself made has no URN, and no stack ever learns of it.
  world.put({ type: ZONE, id, urn: "", region: "", inputs: { name }, outputs, phase: "ready", claimed: true });
}
