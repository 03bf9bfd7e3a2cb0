import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";

export const ZONE = "aws:route53/zone:Zone";
export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
export const RECORD = "aws:route53/record:Record";

/** The records of a zone, without the NS and SOA records that it is born with. */
export function recordsOf(cloud: Cloud, zoneId: string): Resource[] {
  return cloud.world.all(RECORD).filter((row) => text(row.inputs, "zoneId") === zoneId);
}
