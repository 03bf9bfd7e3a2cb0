import { randomUUID } from "node:crypto";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import { between, type Limit, matching, oneOf } from "../limits.ts";
import { documentName, documentParameters, faultOfParameters } from "./association-documents.ts";
import { forgetRuns } from "./association-runs.ts";
import { scheduleExpression } from "./association-schedule.ts";
import { ASSOCIATION } from "./store.ts";

const fewTargets: Limit = (value) =>
  Array.isArray(value) && value.length > 5 ? `an association has 5 targets at most, not ${String(value.length)}` : undefined;

/** The sandbox does not work out when a `cron` schedule is due next. */
const notAtCronOnly: Limit = (value) =>
  value === true ? "the sandbox runs an association at once and then by its rate; leave out applyOnlyAtCronInterval" : undefined;

/** A document that Systems Manager runs on servers, again and again. Source of limits: SSM API reference, CreateAssociation. */
export const association: ResourceDefinition = {
  type: ASSOCIATION,
  replaceOn: ["name"],
  limits: {
    name: documentName,
    parameters: documentParameters,
    associationName: matching(/^[\w.-]{3,128}$/, "3 to 128 letters, digits, hyphens, underscores and dots"),
    complianceSeverity: oneOf("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "CRITICAL"),
    applyOnlyAtCronInterval: notAtCronOnly,
    scheduleExpression,
    targets: fewTargets,
    syncCompliance: oneOf("AUTO", "MANUAL"),
    waitForSuccessTimeoutSeconds: between(1, 172_800),
    "targets[].key": matching(
      /^(InstanceIds|ParameterValues|resource-groups:.+|aws:NoOpAutomationTag|tag:.+)$/,
      "InstanceIds, or tag: and the key of a tag",
    ),
  },
  create: ({ cloud, inputs, region }) => {
    if (text(inputs, "name") === "") throw new CloudError("InvalidDocument", "The name of a document is required");
    requireParameters(inputs);
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
  update: ({ inputs }) => {
    requireParameters(inputs);
    return {};
  },
  remove: (cloud, { id }) => {
    forgetRuns(cloud, id);
  },
};

function requireParameters(inputs: Props): void {
  const given = inputs["parameters"];
  const fault = faultOfParameters(text(inputs, "name"), isProps(given) ? given : {});
  if (fault !== undefined) throw new CloudError("InvalidParameters", fault);
}
