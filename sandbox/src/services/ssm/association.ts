import { randomUUID } from "node:crypto";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { between, matching, oneOf, shown } from "../limits.ts";

export const ASSOCIATION = "aws:ssm/association:Association";

/** Documents that Amazon owns and that the sandbox knows; it plays those of the CloudWatch agent, and remembers the rest. */
const AMAZON_DOCUMENTS = [
  "AWS-ConfigureAWSPackage",
  "AWS-GatherSoftwareInventory",
  "AWS-RunPatchBaseline",
  "AWS-RunShellScript",
  "AWS-UpdateSSMAgent",
  "AmazonCloudWatch-ManageAgent",
];

/** A document that Systems Manager runs on servers, again and again. Source of limits: SSM API reference, CreateAssociation. */
export const association: ResourceDefinition = {
  type: ASSOCIATION,
  replaceOn: ["name"],
  limits: {
    name: (value) =>
      AMAZON_DOCUMENTS.includes(String(value as string))
        ? undefined
        : `${shown(value)} is not a document that the sandbox knows; allowed: ${AMAZON_DOCUMENTS.join(", ")}`,
    associationName: matching(/^[\w.-]{3,128}$/, "3 to 128 letters, digits, hyphens, underscores and dots"),
    complianceSeverity: oneOf("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "CRITICAL"),
    scheduleExpression: matching(/^(rate|cron|at)\(.{1,250}\)$/, "rate(...), cron(...) or at(...)"),
    syncCompliance: oneOf("AUTO", "MANUAL"),
    waitForSuccessTimeoutSeconds: between(1, 172_800),
    "targets[].key": matching(
      /^(InstanceIds|ParameterValues|resource-groups:.+|aws:NoOpAutomationTag|tag:.+)$/,
      "InstanceIds, or tag: and the key of a tag",
    ),
  },
  create: ({ cloud, inputs, region }) => {
    if (text(inputs, "name") === "") throw new CloudError("InvalidDocument", "The name of a document is required");
    const id = randomUUID();
    return {
      id,
      outputs: {
        arn: `arn:aws:ssm:${region}:${cloud.account}:association/${id}`,
        associationId: id,
        documentVersion: text(inputs, "documentVersion") || "$DEFAULT",
      },
    };
  },
};
