import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { all, matching, ofLength } from "../limits.ts";
import { OIDC_PROVIDER } from "./roles.ts";

/** An outside identity provider, such as GitHub Actions, whose tokens a role may trust. */
export const openIdConnectProvider: ResourceDefinition = {
  type: OIDC_PROVIDER,
  // Older providers replaced on `clientIdLists` as well; the current one adds and removes client ids in place (aws_iam_openid_connect_provider).
  replaceOn: ["url"],
  limits: {
    url: all(ofLength(1, 255), matching(/^https:\/\/[^?\s]+$/, "an https URL without a query")),
    "clientIdLists[]": ofLength(1, 255),
    "thumbprintLists[]": matching(/^[0-9a-fA-F]{40}$/, "a SHA-1 fingerprint has 40 hexadecimal digits"),
  },
  create: ({ cloud, inputs }) => {
    const provider = text(inputs, "url")
      .replace(/^https:\/\//, "")
      .replace(/\/$/, "");
    const providerArn = arn("iam", "", cloud.account, `oidc-provider/${provider}`);
    if (cloud.world.by(OIDC_PROVIDER, "arn", providerArn) !== undefined) {
      throw new CloudError("EntityAlreadyExists", `Provider with url ${text(inputs, "url")} already exists.`, 409);
    }
    return { id: providerArn, outputs: { arn: providerArn, url: provider, thumbprintLists: inputs["thumbprintLists"] ?? [] } };
  },
};
