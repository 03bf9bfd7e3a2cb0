import { gzipSync } from "node:zlib";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import { deliverObject } from "../s3/delivery.ts";

export const LOG_DELIVERY_SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
export const LOG_DELIVERY_DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
export const LOG_DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery";

/** Below which a distribution's log lies unless the delivery says otherwise. Source: CloudFront Developer Guide, "Configure standard logging (v2)". */
export const DEFAULT_SUFFIX = "AWSLogs/{account-id}/CloudFront/";

/** The bucket's name in the ARN of a destination; undefined for one that is no bucket. */
export function bucketOf(arn: string): string | undefined {
  return /^arn:aws:s3:::([a-z0-9.-]+)$/.exec(arn)?.[1];
}

/** The bucket of a destination's inputs or outputs. */
export function destinationBucket(destination: Props): string | undefined {
  const configuration = destination["deliveryDestinationConfiguration"];
  return isProps(configuration) ? bucketOf(text(configuration, "destinationResourceArn")) : undefined;
}

/** Every delivery of a resource's logs. */
export function deliveriesOf(cloud: Cloud, resourceArn: string): Resource[] {
  const sources = cloud.world.all(LOG_DELIVERY_SOURCE).filter(({ inputs }) => inputs["resourceArn"] === resourceArn);
  return cloud.world
    .all(LOG_DELIVERY)
    .filter(({ inputs }) => sources.some((source) => source.inputs["name"] === inputs["deliverySourceName"]));
}

/**
 * Writes records of a distribution's access log, oldest first, where its deliveries say: a compressed file with a line of JSON each. Resolves with the number of
 * files that were written.
 *
 * @param since when the time that the file is for began, in milliseconds since the epoch.
 */
export async function deliverRecords(
  cloud: Cloud,
  distribution: Resource,
  records: readonly Readonly<Record<string, string>>[],
  since: number,
): Promise<number> {
  const written = await Promise.all(
    deliveriesOf(cloud, text(distribution.outputs, "arn")).map(async (delivery) => {
      const destination = cloud.world
        .all(LOG_DELIVERY_DESTINATION)
        .find(({ outputs }) => outputs["arn"] === delivery.inputs["deliveryDestinationArn"]);
      const bucket = destination && destinationBucket(destination.inputs);
      if (bucket === undefined) return false;
      const body = gzipSync(records.map((record) => `${JSON.stringify(chosen(record, delivery.inputs))}\n`).join(""));
      return deliverObject(cloud, bucket, keyOf(cloud, delivery, distribution, since), body, "application/x-gzip");
    }),
  );
  return written.filter(Boolean).length;
}

/** Cookies hold what people are signed in by, so they are told only to who asks for them. */
function chosen(record: Readonly<Record<string, string>>, delivery: Props): Readonly<Record<string, string>> {
  const asked = texts(delivery, "recordFields");
  const fields = asked.length > 0 ? asked : Object.keys(record).filter((field) => field !== "cs(Cookie)");
  return Object.fromEntries(fields.map((field) => [field, record[field] ?? "-"]));
}

/** Such as `AWSLogs/123456789012/CloudFront/E1ABC.2026-03-01-12.0a1b2c3d.gz`. */
function keyOf(cloud: Cloud, delivery: Resource, distribution: Resource, since: number): string {
  const [configuration] = Array.isArray(delivery.outputs["s3DeliveryConfigurations"])
    ? delivery.outputs["s3DeliveryConfigurations"]
    : [];
  const suffix = isProps(configuration) ? text(configuration, "suffixPath") : DEFAULT_SUFFIX;
  const hour = new Date(since).toISOString().slice(0, 13).replace("T", "-");
  const time = { yyyy: hour.slice(0, 4), MM: hour.slice(5, 7), dd: hour.slice(8, 10), HH: hour.slice(11, 13) };
  const words: Readonly<Record<string, string>> = {
    ...time,
    "account-id": cloud.account,
    DistributionId: distribution.id,
    distributionid: distribution.id,
  };
  const folder = suffix.replace(/\{([\w-]+)\}/g, (whole, word: string) => words[word] ?? whole);
  const name = `${distribution.id}.${hour}.${derived(8, delivery.id, String(since), String(cloud.now()))}.gz`;
  return `${folder}${folder === "" || folder.endsWith("/") ? "" : "/"}${name}`;
}
