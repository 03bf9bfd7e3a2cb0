import { isProps, type Props, text } from "../../core/values.ts";
import { type Limit, shown } from "../limits.ts";

/** Installs packages. */
export const CONFIGURE_PACKAGE = "AWS-ConfigureAWSPackage";
/** Configures, starts and stops the CloudWatch agent. */
export const MANAGE_AGENT = "AmazonCloudWatch-ManageAgent";
/** The CloudWatch agent, as a package. */
export const AGENT_PACKAGE = "AmazonCloudWatchAgent";

interface Parameter {
  /** What stands for it where it is absent. @default - it must be given */
  readonly default?: string;
  /** What the document allows. @default - anything */
  readonly allowed?: readonly string[];
  /** What of that the sandbox plays. @default - all */
  readonly played?: readonly string[];
}

/** Documents that Amazon owns, with their parameters where the sandbox plays them; of the others it remembers that they are asked for. */
const DOCUMENTS: Readonly<Record<string, Readonly<Record<string, Parameter>> | undefined>> = {
  "AWS-GatherSoftwareInventory": undefined,
  "AWS-RunPatchBaseline": undefined,
  "AWS-RunShellScript": undefined,
  "AWS-UpdateSSMAgent": undefined,
  [CONFIGURE_PACKAGE]: {
    action: { allowed: ["Install", "Uninstall"] },
    additionalArguments: { default: "{}" },
    installationType: { default: "Uninstall and reinstall", allowed: ["Uninstall and reinstall", "In-place update"] },
    name: {},
    version: { default: "" },
  },
  [MANAGE_AGENT]: {
    action: {
      default: "configure",
      allowed: ["configure", "configure (append)", "configure (remove)", "start", "status", "stop"],
      played: ["configure", "start", "status", "stop"],
    },
    mode: { default: "ec2", allowed: ["ec2", "onPremise", "auto"], played: ["ec2", "auto"] },
    optionalConfigurationLocation: { default: "" },
    optionalConfigurationSource: { default: "ssm", allowed: ["ssm", "default", "all"], played: ["ssm"] },
    optionalRestart: { default: "yes", allowed: ["yes", "no"] },
  },
};

/** The name of a document that the sandbox knows. */
export const documentName: Limit = (value) =>
  typeof value === "string" && Object.hasOwn(DOCUMENTS, value)
    ? undefined
    : `${shown(value)} is not a document that the sandbox knows; allowed: ${Object.keys(DOCUMENTS).join(", ")}`;

/** The parameters must be those of the document, with values that it takes and that the sandbox can play. Every fault is told. */
export function faultOfParameters(document: string, parameters: Props): string | undefined {
  const known = DOCUMENTS[document];
  if (known === undefined) return undefined;
  const faults = [
    ...Object.keys(parameters)
      .filter((name) => !Object.hasOwn(known, name))
      .map((name) => `${document} has no parameter ${name}; it has ${Object.keys(known).join(", ")}`),
    ...Object.entries(known).flatMap(([name, parameter]) => faultOfParameter(document, name, parameter, parameters[name])),
  ];
  const { action, optionalConfigurationLocation: location } = valuesOf(document, parameters);
  if (document === MANAGE_AGENT && action === "configure" && location === "")
    faults.push("optionalConfigurationLocation must name the Systems Manager parameter that holds the agent's configuration");
  return faults.length === 0 ? undefined : faults.join("; ");
}

/** The parameters of a run: those given, and the document's own values for the others. */
export function valuesOf(document: string, parameters: Props): Readonly<Record<string, string>> {
  const known = Object.entries(DOCUMENTS[document] ?? {});
  return Object.fromEntries(known.map(([name, { default: otherwise = "" }]) => [name, text(parameters, name) || otherwise]));
}

/** The limit on an association's parameters; one without any has those of its document. */
export const documentParameters: Limit = (value, inputs) =>
  isProps(value) ? faultOfParameters(text(inputs, "name"), value) : undefined;

function faultOfParameter(document: string, name: string, parameter: Parameter, value: Props[string]): string[] {
  if (value === undefined || value === null)
    return parameter.default === undefined ? [`${document} needs the parameter ${name}`] : [];
  if (typeof value !== "string") return [`${name} must be a string, not ${shown(value)}`];
  const { allowed = [value], played = allowed } = parameter;
  if (!allowed.includes(value)) return [`${name} is ${shown(value)}; allowed: ${allowed.join(", ")}`];
  return played.includes(value)
    ? []
    : [`${name} is ${shown(value)}, which the sandbox does not play; it plays ${played.join(", ")}`];
}
