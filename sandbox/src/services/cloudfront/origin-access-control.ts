import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { matching, ofLength, oneOf } from "../limits.ts";
import { cloudfrontId, newEtag, ORIGIN_ACCESS_CONTROL, requireFreeName } from "./names.ts";

/** How CloudFront shows buckets that it is itself. Source: CloudFront API Reference, OriginAccessControlConfig. */
export const originAccessControl: ResourceDefinition = {
  type: ORIGIN_ACCESS_CONTROL,
  replaceOn: [],
  autoName: { property: "name", maxLength: 64 },
  defaults: { description: "Managed by Pulumi" },
  limits: {
    name: matching(/^.{1,64}$/, "1 to 64 characters"),
    description: ofLength(0, 256),
    originAccessControlOriginType: (value) =>
      value === "s3"
        ? undefined
        : `the sandbox serves origin access control for buckets, not for ${JSON.stringify(value)}: use "s3"`,
    signingBehavior: oneOf("always", "never", "no-override"),
    signingProtocol: oneOf("sigv4"),
  },
  create: (operation) => {
    requireFree(operation, "");
    const id = cloudfrontId();
    const { cloud, inputs } = operation;
    return {
      id,
      outputs: {
        arn: arn("cloudfront", "", cloud.account, `origin-access-control/${id}`),
        etag: newEtag(),
        name: text(inputs, "name"),
      },
    };
  },
  update: (operation, before) => {
    requireFree(operation, before.id);
    return { etag: newEtag() };
  },
};

function requireFree({ cloud, inputs }: Operation, own: string): void {
  const name = text(inputs, "name");
  const taken = new CloudError(
    "OriginAccessControlAlreadyExists",
    "An origin access control with the same name already exists.",
    409,
  );
  requireFreeName(cloud, ORIGIN_ACCESS_CONTROL, name, own, taken);
}
