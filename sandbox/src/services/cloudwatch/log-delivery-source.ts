import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { all, matching, ofLength, oneOf } from "../limits.ts";
import { DISTRIBUTION } from "../cloudfront/names.ts";
import { LOG_DELIVERY, LOG_DELIVERY_SOURCE } from "./log-deliveries.ts";

/** Names of sources, destinations and deliveries. Source: CloudWatch Logs API reference, PutDeliverySource. */
export const deliveryName = all(ofLength(1, 60), matching(/^[\w-]*$/, "letters, digits, hyphens and underscores"));

/** CloudFront's logs are told of there, wherever they go. Source: CloudFront Developer Guide, "Configure standard logging (v2)". */
const CLOUDFRONT_REGION = "us-east-1";

/** That a resource's logs can be delivered. The sandbox has the logs of distributions. */
export const logDeliverySource: ResourceDefinition = {
  type: LOG_DELIVERY_SOURCE,
  replaceOn: ["logType", "name", "resourceArn"],
  autoName: { property: "name", maxLength: 60 },
  limits: { name: deliveryName, logType: oneOf("ACCESS_LOGS", "CONNECTION_LOGS") },
  references: [
    {
      path: "resourceArn",
      to: DISTRIBUTION,
      by: ["arn"],
      missing: (given) =>
        given.startsWith("arn:aws:cloudfront:")
          ? new CloudError("ResourceNotFoundException", `Could not find the distribution ${given}`)
          : new CloudError(
              "ValidationException",
              `The sandbox delivers the logs of CloudFront distributions only, not of ${given}`,
            ),
    },
  ],
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    if (region !== CLOUDFRONT_REGION)
      throw new CloudError(
        "ValidationException",
        `Delivery sources of CloudFront are made in ${CLOUDFRONT_REGION}, not in ${region}`,
      );
    const others = cloud.world.all(LOG_DELIVERY_SOURCE).filter((row) => row.region === region);
    if (others.some(({ id }) => id === name))
      throw new CloudError("ConflictException", `A delivery source with the name ${name} exists already`);
    const twin = others.find(
      (row) => row.inputs["resourceArn"] === inputs["resourceArn"] && row.inputs["logType"] === inputs["logType"],
    );
    if (twin !== undefined)
      throw new CloudError(
        "ConflictException",
        `This ResourceId has already been used in another Delivery Source in this account: ${twin.id}`,
      );
    return {
      id: name,
      outputs: { arn: arn("logs", region, cloud.account, `delivery-source:${name}`), service: "cloudfront" },
    };
  },
  remove: (cloud, { id, region }) => {
    const holder = cloud.world.all(LOG_DELIVERY).find((row) => row.region === region && row.inputs["deliverySourceName"] === id);
    if (holder !== undefined)
      throw new CloudError(
        "ConflictException",
        `Cannot delete delivery source ${id}: the delivery ${holder.id} is associated with it`,
      );
  },
};
