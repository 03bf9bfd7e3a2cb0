import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text, type Props } from "../../core/values.ts";
import { keyReference } from "../kms/use.ts";
import { given, type Limit, ofLength, oneOf } from "../limits.ts";
import { forgetHistory, record } from "./history.ts";
import {
  alreadyExists,
  checkValue,
  DEFAULT_KEY,
  faultInName,
  faultInPattern,
  findParameter,
  PARAMETER,
  parameterArn,
  refuseDowngrade,
  valueIn,
  valueOf,
} from "./store.ts";

const VALUES = ["value", "insecureValue", "valueWo"];

/** The inputs whose change is a new version. */
const VERSIONED = ["type", "description", "keyId", "allowedPattern", "tier"];

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
    allowedPattern: (value, inputs) => ofLength(0, 1024)(value, inputs) ?? faultInPattern(typeof value === "string" ? value : ""),
  },
  references: [keyReference("keyId", (key) => new CloudError("InvalidKeyId", `Invalid keyId ${key}`))],
  create: ({ cloud, inputs, region }) => {
    const name = text(inputs, "name");
    const before = findParameter(cloud, name, region);
    if (before !== undefined && inputs["overwrite"] !== true) throw alreadyExists();
    checkInputs(inputs);
    if (before !== undefined) cloud.world.drop(before);
    const outputs = { ...stored(inputs), arn: parameterArn(cloud, name, region) };
    return { id: name, outputs: { ...outputs, version: record(cloud, name, region, { ...inputs, ...outputs }) } };
  },
  update: ({ cloud, inputs, region }, before) => {
    refuseDowngrade(text(before.outputs, "tier"), text(inputs, "tier"));
    checkInputs(inputs);
    const outputs = stored(inputs);
    const changed = valueIn(inputs) !== valueOf(before) || VERSIONED.some((name) => inputs[name] !== before.inputs[name]);
    const version = changed ? record(cloud, before.id, region, { ...inputs, ...outputs }) : (before.outputs["version"] ?? 1);
    return { ...outputs, version };
  },
  remove: (cloud, row) => {
    forgetHistory(cloud, row.id, row.region);
  },
};

function checkInputs(inputs: Props): void {
  checkValue(valueIn(inputs), text(inputs, "tier"), text(inputs, "allowedPattern"));
}

function stored(inputs: Props): Props {
  const secure = inputs["type"] === "SecureString";
  return {
    hasValueWo: text(inputs, "valueWo") !== "",
    keyId: secure ? text(inputs, "keyId") || DEFAULT_KEY : "",
  };
}
