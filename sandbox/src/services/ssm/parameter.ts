import { CloudError, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text } from "../../core/values.ts";
import { given, type Limit, ofLength, oneOf } from "../limits.ts";
import { alreadyExists, checkValue, faultInName, findParameter, PARAMETER, parameterArn, valueOf } from "./store.ts";

const VALUES = ["value", "insecureValue", "valueWo"];

const oneValue: Limit = (type, inputs) => {
  const found = given(inputs, VALUES);
  if (found.length !== 1) return `exactly one of ${VALUES.join(", ")} must be given, not ${found.join(" and ") || "none"}`;
  return type === "SecureString" && found[0] === "insecureValue" ? "a SecureString takes value, not insecureValue" : undefined;
};

/** A value in Parameter Store. */
export const parameter: ResourceDefinition = {
  type: PARAMETER,
  replaceOn: ["dataType", "name"],
  autoName: { property: "name", maxLength: 1011 },
  defaults: { dataType: "text", tier: "Standard" },
  limits: {
    name: (value) => faultInName(typeof value === "string" ? value : ""),
    type: (value, inputs) => oneOf("String", "StringList", "SecureString")(value, inputs) ?? oneValue(value, inputs),
    tier: oneOf("Standard", "Advanced", "Intelligent-Tiering"),
    dataType: oneOf("text", "aws:ec2:image", "aws:ssm:integration"),
    description: ofLength(0, 1024),
    allowedPattern: ofLength(0, 1024),
  },
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    const before = findParameter(cloud, name, region);
    if (before !== undefined && inputs["overwrite"] !== true) throw alreadyExists();
    checkInputs(inputs);
    if (before !== undefined) cloud.world.drop(before);
    const version = Number(before?.outputs["version"] ?? 0) + 1;
    return { id: name, outputs: { ...stored(inputs), arn: parameterArn(cloud, name, region), version } };
  },
  update: ({ inputs }, before) => {
    checkInputs(inputs, before);
    const changed =
      valueOf({ ...before, outputs: inputs }) !== valueOf(before) || inputs["description"] !== before.inputs["description"];
    return { ...stored(inputs), version: Number(before.outputs["version"] ?? 1) + (changed ? 1 : 0) };
  },
};

function checkInputs(inputs: Props, before?: Resource): void {
  if (before?.outputs["tier"] === "Advanced" && inputs["tier"] === "Standard") {
    // The provider replaces the parameter for this one change; the service itself refuses it.
    throw new CloudError(
      "ValidationException",
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const value = text(inputs, "value") || text(inputs, "insecureValue") || text(inputs, "valueWo");
  checkValue(value, text(inputs, "tier"), text(inputs, "allowedPattern"));
}

function stored(inputs: Props): Props {
  const secure = inputs["type"] === "SecureString";
  return {
    hasValueWo: text(inputs, "valueWo") !== "",
    keyId: secure ? text(inputs, "keyId") || "alias/aws/ssm" : "",
  };
}
