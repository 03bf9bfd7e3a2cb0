import { CloudError } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { object, VERSIONING } from "./buckets.ts";
import { bucketConfiguration } from "./configuration.ts";

/** Whether a bucket keeps the versions of its objects. */
export const bucketVersioning = bucketConfiguration({
  type: VERSIONING,
  replaceOn: ["bucket", "expectedBucketOwner"],
  check: (inputs) => {
    const status = text(object(inputs["versioningConfiguration"]), "status");
    if (["Enabled", "Suspended", "Disabled"].includes(status)) return;
    throw new CloudError(
      "InvalidArgument",
      `expected versioningConfiguration.status to be one of ["Enabled" "Suspended" "Disabled"], got ${status}`,
    );
  },
});
