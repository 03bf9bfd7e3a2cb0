import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { matching, oneOf } from "../limits.ts";
import { BUCKET } from "../s3/buckets.ts";
import { destinationBucket, LOG_DELIVERY, LOG_DELIVERY_DESTINATION } from "./log-deliveries.ts";
import { deliveryName } from "./log-delivery-source.ts";

/** Where logs can be delivered. The sandbox delivers into buckets, as lines of JSON. */
export const logDeliveryDestination: ResourceDefinition = {
  type: LOG_DELIVERY_DESTINATION,
  replaceOn: ["deliveryDestinationType", "name"],
  autoName: { property: "name", maxLength: 60 },
  limits: {
    name: deliveryName,
    outputFormat: oneOf("json"),
    "deliveryDestinationConfiguration.destinationResourceArn": matching(
      /^arn:aws:s3:::/,
      "the ARN of a bucket; the sandbox delivers nowhere else",
    ),
  },
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    if (cloud.world.get(LOG_DELIVERY_DESTINATION, name, region) !== undefined)
      throw new CloudError("ConflictException", `A delivery destination with the name ${name} exists already`);
    const bucket = destinationBucket(inputs);
    if (bucket === undefined || cloud.world.get(BUCKET, bucket) === undefined)
      throw new CloudError("ResourceNotFoundException", `The specified bucket does not exist: ${bucket ?? "none is given"}`);
    return {
      id: name,
      outputs: { arn: arn("logs", region, cloud.account, `delivery-destination:${name}`), deliveryDestinationType: "S3" },
    };
  },
  remove: (cloud, { id, outputs }) => {
    const holder = cloud.world.all(LOG_DELIVERY).find((row) => row.inputs["deliveryDestinationArn"] === outputs["arn"]);
    if (holder !== undefined)
      throw new CloudError(
        "ConflictException",
        `Cannot delete delivery destination ${id}: the delivery ${holder.id} is associated with it`,
      );
  },
};
