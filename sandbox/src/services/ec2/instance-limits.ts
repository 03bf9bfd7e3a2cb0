import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import { isProps, type Props, text, type Value } from "../../core/values.ts";
import { all, between, type Limit, oneOf } from "../limits.ts";
import { instanceTypeFault } from "./instance-types.ts";
import { LAUNCH_TEMPLATE, versionOf } from "./launch-template-versions.ts";
import { base64UserData, plainUserData, playFault } from "./user-data.ts";
import { bootFault, VOLUME_TYPES, volumeFaults } from "./volume-types.ts";

/** `ami-` and 8 or 17 hexadecimal digits, or a parameter that EC2 looks up. Which images there are only AWS knows. */
export const amiId: Limit = (value) =>
  typeof value === "string" && /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/.test(value)
    ? undefined
    : `Invalid id: ${JSON.stringify(value)} (expecting "ami-..." with 8 or 17 hexadecimal digits)`;

/** A type that the sandbox knows. */
export const instanceType: Limit = (value) => (typeof value === "string" ? instanceTypeFault(value) : undefined);

/** How an instance answers for its metadata (Amazon EC2 API Reference, InstanceMetadataOptionsRequest). */
export const metadataLimits: Readonly<Record<string, Limit>> = {
  "metadataOptions.httpEndpoint": oneOf("enabled", "disabled"),
  "metadataOptions.httpProtocolIpv6": oneOf("enabled", "disabled"),
  "metadataOptions.httpPutResponseHopLimit": between(1, 64),
  "metadataOptions.httpTokens": oneOf("optional", "required"),
  "metadataOptions.instanceMetadataTags": oneOf("enabled", "disabled"),
};

/** A disk of an instance or of a template: what it asks for goes together. */
export const disk: Limit = (value) => {
  if (!isProps(value)) return undefined;
  const number = (name: string): number | undefined => (typeof value[name] === "number" ? value[name] : undefined);
  const type = text(value, "volumeType") || "gp3";
  if (!VOLUME_TYPES.includes(type)) return `volumeType is "${type}"; allowed: ${VOLUME_TYPES.join(", ")}`;
  const faults = volumeFaults({ type, size: number("volumeSize"), iops: number("iops"), throughput: number("throughput") });
  return Object.values(faults)[0];
};

/** The disk that a server starts from. */
export const rootDisk: Limit = all(disk, (value) => (isProps(value) ? bootFault(text(value, "volumeType")) : undefined));

type CloudLimit = (value: Value, inputs: Props, cloud: Cloud) => string | undefined;

/** User data must be what EC2 takes and what the sandbox can play, before anything is made. */
export const userDataLimits: Readonly<Record<string, CloudLimit>> = {
  userData: (value, inputs, cloud) => plainUserData(value, inputs) ?? playFault(cloud, textOf(value)),
  userDataBase64: (value, inputs, cloud) =>
    (text(inputs, "userData") === "" ? base64UserData(value, inputs) : '"userDataBase64" conflicts with "userData"') ??
    playFault(cloud, textOf(value)),
  launchTemplate: (value, inputs, cloud) => {
    const own = text(inputs, "userData") + text(inputs, "userDataBase64");
    return own === "" && isProps(value) ? playFault(cloud, templateUserData(cloud, value)) : undefined;
  },
};

/** Of a template or version that does not exist nothing is said here: launching from it is refused in EC2's words. */
function templateUserData(cloud: Cloud, { id, name, version }: Props): string {
  const [template, ...more] = cloud.world.all(LAUNCH_TEMPLATE).filter((row) => row.id === id || row.outputs["name"] === name);
  // A name may stand in several regions.
  if (template === undefined || more.length > 0) return "";
  try {
    return text(versionOf(cloud, template, textOf(version)), "userData");
  } catch (error) {
    if (error instanceof CloudError) return "";
    throw error;
  }
}

function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}
