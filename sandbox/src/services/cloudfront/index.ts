import type { ResourceDefinition } from "../../core/definition.ts";
import { cachePolicy } from "./cache-policy.ts";
import { distribution } from "./distribution.ts";
import { refreshEdges } from "./edges.ts";
import { originAccessControl } from "./origin-access-control.ts";
import { originRequestPolicy } from "./origin-request-policy.ts";
import { responseHeadersPolicy } from "./response-headers-policy.ts";

/** What distributions go by: they follow a change of it. */
function followed(definition: ResourceDefinition): ResourceDefinition {
  return {
    ...definition,
    run: async (cloud) => {
      await refreshEdges(cloud);
      return undefined;
    },
  };
}

/** CloudFront. */
export const cloudfrontDefinitions: readonly ResourceDefinition[] = [
  followed(cachePolicy),
  distribution,
  followed(originAccessControl),
  followed(originRequestPolicy),
  followed(responseHeadersPolicy),
];
