import type { Check } from "../framework/check.ts";
import type { ResourceWith } from "../framework/resource.ts";

/** The setting `stillUsed` of a rule about deprecated classes. */
export const stillUsed = {
  stillUsed: {
    type: "array",
    items: { type: "string" },
    default: [],
    description: "Types that the project knows it has to leave, such as `aws:s3/bucketV2:BucketV2`.",
  },
} as const;

/** The `resources` of a rule about deprecated classes. @param successors the class that takes the place of each type */
export function ofDeprecated(successors: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(successors).map(([type, successor]) => [
      type,
      (resource: ResourceWith<unknown>, { config, fail }: Check<{ readonly stillUsed: readonly string[] }>) => {
        if (!config.stillUsed.includes(type)) fail(resource, `${type} is deprecated`, `use ${successor} in its place`);
      },
    ]),
  );
}
