import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn, derived } from "../../core/ids.ts";
import { isProps, type Props, text, type Value } from "../../core/values.ts";
import { decide } from "../iam/evaluate.ts";
import type { Statement } from "../iam/policy-document.ts";
import { policyOfBucket } from "../s3/buckets.ts";
import {
  DEFAULT_SUFFIX,
  destinationBucket,
  LOG_DELIVERY,
  LOG_DELIVERY_DESTINATION,
  LOG_DELIVERY_SOURCE,
} from "./log-deliveries.ts";

const WRITER = "delivery.logs.amazonaws.com";
/** What AWS's own account lets the writer do; the bucket has the last word. */
const ANYTHING: Statement = { effect: "Allow", actions: ["*"], resources: ["*"], conditions: {} };

/** That the logs of a source go to a destination. */
export const logDelivery: ResourceDefinition = {
  type: LOG_DELIVERY,
  replaceOn: ["deliveryDestinationArn", "deliverySourceName"],
  references: [
    {
      path: "deliverySourceName",
      to: LOG_DELIVERY_SOURCE,
      by: ["name"],
      missing: (name) => new CloudError("ResourceNotFoundException", `The delivery source ${name} does not exist`),
    },
    {
      path: "deliveryDestinationArn",
      to: LOG_DELIVERY_DESTINATION,
      by: ["arn"],
      missing: (given) => new CloudError("ResourceNotFoundException", `The delivery destination ${given} does not exist`),
    },
  ],
  create: ({ cloud, inputs, region, urn }) => {
    const twin = cloud.world
      .all(LOG_DELIVERY)
      .find((row) => row.region === region && row.inputs["deliverySourceName"] === inputs["deliverySourceName"]);
    if (twin !== undefined)
      throw new CloudError("ConflictException", `The delivery source has a delivery of the type S3 already: ${twin.id}`);
    requireOpen(cloud, inputs, region);
    const id = derived(16, urn, String(cloud.now()));
    return {
      id,
      outputs: { arn: arn("logs", region, cloud.account, `delivery:${id}`), s3DeliveryConfigurations: places(inputs) },
    };
  },
  update: ({ cloud, inputs, region }, before) => {
    requireOpen(cloud, inputs, region);
    return { ...before.outputs, ...inputs, s3DeliveryConfigurations: places(inputs) };
  },
};

/** Where below the bucket the files lie, with what the service fills in. */
function places({ s3DeliveryConfigurations }: Props): Value[] {
  const [given] = Array.isArray(s3DeliveryConfigurations) ? s3DeliveryConfigurations : [];
  return [{ enableHiveCompatiblePath: false, suffixPath: DEFAULT_SUFFIX, ...(isProps(given) && given) }];
}

/** Throws unless the bucket lets the deliveries of the source in. */
function requireOpen(cloud: Cloud, inputs: Props, region: string): void {
  const source = cloud.world.get(LOG_DELIVERY_SOURCE, text(inputs, "deliverySourceName"), region);
  const destination = cloud.world
    .all(LOG_DELIVERY_DESTINATION)
    .find(({ outputs }) => outputs["arn"] === inputs["deliveryDestinationArn"]);
  const bucket = destination && destinationBucket(destination.inputs);
  if (bucket === undefined || source === undefined || mayWrite(cloud, bucket, source)) return;
  throw new CloudError(
    "AccessDeniedException",
    `Access denied for the bucket ${bucket}: its policy does not let ${WRITER} write for ${text(source.outputs, "arn")}`,
  );
}

function mayWrite(cloud: Cloud, bucket: string, source: Resource): boolean {
  const context = new Map(
    Object.entries({
      "aws:sourcearn": text(source.outputs, "arn"),
      "aws:sourceaccount": cloud.account,
      "aws:securetransport": "true",
      "s3:x-amz-acl": "bucket-owner-full-control",
    }).map(([name, value]) => [name, [value]]),
  );
  const resource = `arn:aws:s3:::${bucket}/AWSLogs/${cloud.account}/CloudFront/log.gz`;
  const request = { action: "s3:PutObject", resource, principals: [WRITER], context };
  return decide(request, [ANYTHING], policyOfBucket(cloud, bucket), { resourceMustAllow: true }).allowed;
}
