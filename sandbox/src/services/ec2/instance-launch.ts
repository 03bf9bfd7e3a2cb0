import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts, type Value, valuesAt } from "../../core/values.ts";
import { INSTANCE_PROFILE } from "../iam/roles.ts";
import { ROOT_DEVICES } from "./instance-root-volume.ts";
import { findTemplate, versionOf } from "./launch-template-versions.ts";

/** What a launch comes to once the template's version and the instance's own inputs are laid over each other. */
export interface Launch {
  /** The merged inputs, by the instance's own names. */
  readonly inputs: Props;
  /** The template as the instance shows it. @default - launched without one */
  readonly launchTemplate?: { readonly id: string; readonly name: string; readonly version: string };
  /** Plain or Base64. */
  readonly userData: string;
}

/** The launch template's version that an instance's inputs name: `{ id, name, version, content }`; undefined where they name none. Throws EC2's errors. */
export function templateOf({ cloud, inputs, region }: Pick<Operation, "cloud" | "inputs" | "region">): Props | undefined {
  const given = inputs["launchTemplate"];
  if (!isProps(given)) return undefined;
  const template = findTemplate(cloud, region, given);
  const version = text(given, "version") || "$Default";
  return { id: template.id, name: template.outputs["name"], version, content: versionOf(cloud, template, version) };
}

/**
 * Lays the instance's inputs over those of its launch template (Amazon EC2 User Guide, "Launch instances from a launch template").
 * Throws EC2's error where something is missing or malformed.
 */
export function resolveLaunch({ cloud, inputs }: Pick<Operation, "cloud" | "inputs">, template: Props | undefined): Launch {
  const userData = text(inputs, "userData") || text(inputs, "userDataBase64");
  const content = template?.["content"];
  if (template === undefined || !isProps(content)) return { inputs: required(cloud, inputs), userData };
  refuseTwoNetworks(inputs, content);
  const own = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null));
  return {
    inputs: required(cloud, { ...fromTemplate(cloud, content), ...own }),
    launchTemplate: { id: text(template, "id"), name: text(template, "name"), version: text(template, "version") },
    userData: userData === "" ? text(content, "userData") : userData,
  };
}

/** A request either describes interfaces or leaves that to EC2. With `associatePublicIpAddress` the provider describes one, which takes the template's place. */
function refuseTwoNetworks(inputs: Props, content: Props): void {
  if (valuesAt(content, "networkInterfaces[]").length === 0 || inputs["associatePublicIpAddress"] !== undefined) return;
  const refused = (what: string): CloudError =>
    new CloudError(
      "InvalidParameterCombination",
      `Network interfaces and an instance-level ${what} may not be specified on the same request`,
    );
  if (text(inputs, "subnetId") !== "") throw refused("subnet ID");
  if (texts(inputs, "vpcSecurityGroupIds").length > 0) throw refused("security groups");
}

/** Renames a template's content to what the instance calls the same thing. */
function fromTemplate(cloud: Cloud, content: Props): Props {
  const [network, ...more] = valuesAt(content, "networkInterfaces[]").filter(isProps);
  if (more.length > 0 || text(network ?? {}, "networkInterfaceId") !== "") {
    throw new CloudError(
      "UnsupportedOperation",
      "The sandbox gives an instance one network interface of its own: the launch template may describe one, without networkInterfaceId",
    );
  }
  const placement = isProps(content["placement"]) ? content["placement"] : {};
  const profile = isProps(content["iamInstanceProfile"]) ? content["iamInstanceProfile"] : {};
  const root = valuesAt(content, "blockDeviceMappings[]")
    .filter(isProps)
    .find((mapping) => ROOT_DEVICES.includes(text(mapping, "deviceName")));
  const renamed: Props = {
    ami: content["imageId"],
    iamInstanceProfile:
      text(profile, "name") || (text(profile, "arn") && findProfile(cloud, text(profile, "arn")).id) || undefined,
    monitoring: isProps(content["monitoring"]) ? content["monitoring"]["enabled"] : undefined,
    subnetId: network?.["subnetId"],
    privateIp: network?.["privateIpAddress"],
    associatePublicIpAddress: truth(network?.["associatePublicIpAddress"]),
    vpcSecurityGroupIds: network?.["securityGroups"] ?? content["vpcSecurityGroupIds"],
    rootBlockDevice: root === undefined ? undefined : rootDevice(root),
    tenancy: placement["tenancy"],
    availabilityZone: placement["availabilityZone"],
    ebsOptimized: truth(content["ebsOptimized"]),
  };
  const same = [
    "instanceType",
    "keyName",
    "metadataOptions",
    "maintenanceOptions",
    "creditSpecification",
    "disableApiTermination",
    "disableApiStop",
    "instanceInitiatedShutdownBehavior",
  ].map((name) => [name, content[name]] as const);
  return Object.fromEntries([...Object.entries(renamed), ...same].filter(([, value]) => value !== undefined && value !== null));
}

/** A template's disk: it writes its booleans as strings. */
function rootDevice(mapping: Props): Props {
  const ebs = isProps(mapping["ebs"]) ? mapping["ebs"] : {};
  const { encrypted, deleteOnTermination, ...rest } = ebs;
  return {
    deviceName: mapping["deviceName"],
    ...rest,
    ...(truth(encrypted) !== undefined && { encrypted: truth(encrypted) }),
    ...(truth(deleteOnTermination) !== undefined && { deleteOnTermination: truth(deleteOnTermination) }),
  };
}

/** The profile of that name or ARN. Throws EC2's error if there is none. */
export function findProfile(cloud: Cloud, nameOrArn: string): Resource {
  const found = cloud.world.all(INSTANCE_PROFILE).find((row) => row.id === nameOrArn || row.outputs["arn"] === nameOrArn);
  if (found !== undefined) return found;
  const parameter = nameOrArn.startsWith("arn:") ? "arn" : "name";
  throw new CloudError(
    "InvalidParameterValue",
    `Value (${nameOrArn}) for parameter iamInstanceProfile.${parameter} is invalid. Invalid IAM Instance Profile ${parameter}`,
  );
}

function required(cloud: Cloud, inputs: Props): Props {
  if (text(inputs, "ami") === "") throw new CloudError("MissingParameter", "The request must contain the parameter ImageId");
  if (text(inputs, "instanceType") === "")
    throw new CloudError("MissingParameter", "The request must contain the parameter InstanceType");
  if (text(inputs, "subnetId") === "") {
    throw new CloudError(
      "MissingInput",
      "No subnets found for the default VPC: the sandbox's account has none. Please specify a subnet.",
    );
  }
  const key = text(inputs, "keyName");
  if (key !== "" && !cloud.world.all("aws:ec2/keyPair:KeyPair").some((row) => row.id === key))
    throw new CloudError("InvalidKeyPair.NotFound", `The key pair '${key}' does not exist`);
  if (texts(inputs, "securityGroups").length > 0) {
    throw new CloudError(
      "InvalidParameterCombination",
      "The parameter groupName cannot be used with the parameter subnet; give vpcSecurityGroupIds",
    );
  }
  return inputs;
}

function truth(value: Value | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}
