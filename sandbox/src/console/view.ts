import { serviceOf } from "../control/service.ts";
import type { Resource } from "../core/definition.ts";
import type { Value } from "../core/values.ts";
import { type Health, healthOf } from "./health.ts";
import { anchorOf, counted, nameOf } from "./names.ts";
import { concealed, secretsOf } from "./secrets.ts";
import type { ConsoleSnapshot } from "./sources.ts";
import { type Scene, sceneOf } from "./topology/scene.ts";

/** A resource as the console shows it: nothing but what is on the list of {@link SHOWN}. */
export interface ResourceView {
  /** The fragment by which links on the page reach it. */
  readonly anchor: string;
  readonly type: string;
  /** The service and the class, such as `ec2 Vpc`. */
  readonly kind: string;
  /** The logical name, or the id of what no program asked for. */
  readonly name: string;
  readonly id: string;
  readonly region: string;
  readonly phase: Resource["phase"];
  readonly health: Health;
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** All that the page shows. Every text in it has been cleared of secrets. */
export interface ConsoleView extends Omit<ConsoleSnapshot, "resources" | "secrets"> {
  readonly resources: readonly ResourceView[];
  readonly regions: readonly string[];
  /** The services of the resources, such as `ec2`. */
  readonly services: readonly string[];
  /** What the topology picture shows. */
  readonly scene: Scene;
  readonly health: Health;
  /** The state of the whole in a sentence. */
  readonly summary: string;
}

/** Outputs that may be shown. Whatever is not named here stays in the sandbox. */
const SHOWN = new Set(
  `
  address alarmName allocatedStorage arn availabilityZone bucket bucketDomainName cidrBlock cidrIpv4 clusterIdentifier
  comparisonOperator dashboardName databaseName dbSubnetGroupName deletionProtection domainName endpoint engine engineMode
  engineVersion family fromPort gatewayId identifier instanceClass instanceState instanceType ipProtocol keyId
  latestVersion metricName multiAz name namespace port privateIp publicIp readerEndpoint referencedSecurityGroupId region
  retentionInDays schedule securityGroupId serviceName state status storageEncrypted subnetId threshold toPort versionId
  vpcId writer
`.match(/\w+/g),
);

/** Makes the page's view of a snapshot. */
export function viewOf(snapshot: ConsoleSnapshot): ConsoleView {
  const { resources, secrets, ...rest } = snapshot;
  const health = healthOf(rest.processes);
  const view = {
    ...rest,
    // What a program asked for comes first; what the cloud itself made beside it, last.
    resources: [...resources]
      .sort((a, b) => Number(a.urn === "") - Number(b.urn === ""))
      .map((resource) => resourceView(resource, health(resource))),
    services: [...new Set(resources.map(({ type }) => serviceOf(type)))].sort(),
    // Random values are in no region, whatever stands beside them, and what is everywhere (a distribution) has none.
    regions: [
      ...new Set(resources.flatMap(({ type, region }) => (type.startsWith("aws:") && region !== "" ? [region] : []))),
    ].sort(),
    scene: sceneOf(snapshot),
    ...summarise(snapshot),
  };
  return concealed(view, secretsOf(resources, secrets));
}

function resourceView(resource: Resource, health: Health): ResourceView {
  const { type, id, region, phase, outputs } = resource;
  const facts = Object.entries(outputs)
    .flatMap(([name, value]) =>
      SHOWN.has(name) && isPlain(value) && value !== id && value !== "" ? [[name, String(value)] as const] : [],
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const kind = `${serviceOf(type)} ${type.split(":").at(-1) ?? ""}`;
  return { anchor: anchorOf(resource), type, kind, name: nameOf(resource), id, region, phase, health, facts };
}

function isPlain(value: Value | undefined): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function summarise({ resources, processes, alarms, faults }: ConsoleSnapshot): { health: Health; summary: string } {
  const down = processes.filter(({ state }) => state === "waiting" || state === "stopped");
  const alarming = alarms.filter(({ state }) => state === "ALARM");
  const starting =
    resources.filter(({ phase }) => phase !== "ready").length + processes.filter(({ state }) => state === "starting").length;
  const troubles = [
    down.length > 0 && `${counted(down.length, "process", "processes")} down`,
    alarming.length > 0 && `${counted(alarming.length, "alarm")} firing`,
    faults.length > 0 && `${counted(faults.length, "fault")} in force`,
  ].filter((trouble) => trouble !== false);
  if (troubles.length > 0) return { health: "down", summary: troubles.join(", ") };
  if (resources.length === 0) return { health: "declared", summary: "Empty: nothing has been deployed" };
  if (starting > 0) return { health: "starting", summary: `${counted(starting, "thing")} starting` };
  return {
    health: "ok",
    summary: `All well: ${counted(resources.length, "resource")}, ${counted(processes.length, "process", "processes")}`,
  };
}
