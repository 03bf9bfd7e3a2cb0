import { randomUUID } from "node:crypto";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import type { Forwarding } from "../../plane/cdn/plan.ts";
import { policyName, selectionLimit } from "./cache-policy.ts";
import { newEtag, ORIGIN_REQUEST_POLICY, requireFreeName } from "./names.ts";
import { selectionOf } from "./selections.ts";

/** What of a request goes to the origin beside what it is known by. Source: CloudFront API Reference, OriginRequestPolicyConfig. */
export const originRequestPolicy: ResourceDefinition = {
  type: ORIGIN_REQUEST_POLICY,
  replaceOn: [],
  autoName: { property: "name", maxLength: 128 },
  limits: {
    name: policyName,
    headersConfig: selectionLimit("headerBehavior", "headers", [
      "none",
      "whitelist",
      "allViewer",
      "allViewerAndWhitelistCloudFront",
      "allExcept",
    ]),
    cookiesConfig: selectionLimit("cookieBehavior", "cookies", ["none", "whitelist", "all", "allExcept"]),
    queryStringsConfig: selectionLimit("queryStringBehavior", "queryStrings", ["none", "whitelist", "all", "allExcept"]),
  },
  create: (operation) => {
    requireFree(operation, "");
    const { cloud, inputs } = operation;
    const id = randomUUID();
    const outputs = {
      arn: arn("cloudfront", "", cloud.account, `origin-request-policy/${id}`),
      etag: newEtag(),
      name: text(inputs, "name"),
    };
    return { id, outputs };
  },
  update: (operation, before) => {
    requireFree(operation, before.id);
    return { etag: newEtag() };
  },
};

/** What an edge makes of such a policy. */
export function forwardingOf(inputs: Props): Forwarding {
  return {
    query: selectionOf(inputs["queryStringsConfig"], "queryStringBehavior", "queryStrings"),
    headers: selectionOf(inputs["headersConfig"], "headerBehavior", "headers"),
    cookies: selectionOf(inputs["cookiesConfig"], "cookieBehavior", "cookies"),
  };
}

function requireFree({ cloud, inputs }: Operation, own: string): void {
  const name = text(inputs, "name");
  const taken = new CloudError(
    "OriginRequestPolicyAlreadyExists",
    `An origin request policy with this name already exists: ${name}. You must provide a unique name.`,
    409,
  );
  requireFreeName(cloud, ORIGIN_REQUEST_POLICY, name, own, taken);
}
