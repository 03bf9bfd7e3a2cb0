import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { installedAgents } from "../cloudwatch-agent/installed.ts";
import { AgentSettingsError, parseSettings } from "../cloudwatch-agent/settings.ts";
import { INSTANCE } from "../ec2/instance-server.ts";
import { refusalOf } from "../ec2/instance-role.ts";
import { AGENT_PACKAGE, CONFIGURE_PACKAGE, MANAGE_AGENT, valuesOf } from "./association-documents.ts";
import { intervalMs } from "./association-schedule.ts";
import { targetsOf } from "./association-targets.ts";
import { ASSOCIATION, findParameter, parameterArn, valueOf } from "./store.ts";

/** How an association last ran on an instance. */
export type AssociationRun = {
  /** Milliseconds since the epoch. */
  at: number;
  /** The parameters that it ran with, as JSON: other ones are a reason to run again. */
  parameters: string;
  /** Empty after a success. */
  failure: string;
};

/**
 * State Manager: runs each association on each of its targets, once at first and then by its rate; at once on an instance that is new, and when its parameters
 * have changed. Associations run in the order in which they were made. A `cron` or `at` schedule runs at first only.
 */
export class StateManager {
  private readonly cloud: Cloud;
  /** Instances of which it was told that they are not managed. */
  private readonly unmanaged = new Map<string, string>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** Runs what is due, and forgets instances that are gone. */
  run(): void {
    this.prune();
    for (const association of this.cloud.world.all(ASSOCIATION).filter(({ phase }) => phase === "ready")) {
      for (const instance of targetsOf(this.cloud, association)) {
        if (this.isDue(association, instance) && this.isManaged(instance)) this.runOn(association, instance);
      }
    }
  }

  private prune(): void {
    const isGone = (id: string): boolean => this.cloud.world.get(INSTANCE, id) === undefined;
    for (const id of this.unmanaged.keys()) if (isGone(id)) this.unmanaged.delete(id);
    const runs = associationRuns(this.cloud);
    for (const [key] of runs.entries()) if (isGone(key.split("/")[1] ?? "")) runs.delete(key);
  }

  private isDue(association: Resource, instance: Resource): boolean {
    const last = associationRuns(this.cloud).get(keyOf(association, instance));
    if (last === undefined || last.parameters !== parametersOf(association)) return true;
    const interval = intervalMs(text(association.inputs, "scheduleExpression"));
    return interval !== undefined && this.cloud.now() >= last.at + interval;
  }

  /** Whether the instance's agent can register; without leave to do so Systems Manager never hears of it. */
  private isManaged(instance: Resource): boolean {
    const resource = text(instance.outputs, "arn");
    const refusal = refusalOf(this.cloud, instance, { action: "ssm:UpdateInstanceInformation", resource });
    if (refusal === undefined) this.unmanaged.delete(instance.id);
    else if (this.unmanaged.get(instance.id) !== refusal) {
      this.unmanaged.set(instance.id, refusal);
      this.cloud.note(`Systems Manager does not manage ${instance.id}, so associations do not reach it: ${refusal}`);
    }
    return refusal === undefined;
  }

  private runOn(association: Resource, instance: Resource): void {
    const runs = associationRuns(this.cloud);
    const key = keyOf(association, instance);
    const before = runs.get(key)?.failure ?? "";
    const failure = perform(this.cloud, association, instance) ?? "";
    runs.set(key, { at: this.cloud.now(), parameters: parametersOf(association), failure });
    const document = text(association.inputs, "name");
    if (failure !== "" && failure !== before) this.cloud.note(`The association ${document} failed on ${instance.id}: ${failure}`);
  }
}

/** The runs of associations, by association and instance. */
export function associationRuns(cloud: Cloud): Space<AssociationRun> {
  return cloud.world.space<AssociationRun>("ssm-association-run");
}

/** Forgets how an association ran that is going. */
export function forgetRuns(cloud: Cloud, associationId: string): void {
  for (const [key] of associationRuns(cloud).entries(`${associationId}/`)) associationRuns(cloud).delete(key);
}

/** Does what the document does on the instance. Returns why that failed. */
function perform(cloud: Cloud, association: Resource, instance: Resource): string | undefined {
  const document = text(association.inputs, "name");
  const given = association.inputs["parameters"];
  const parameters = valuesOf(document, isProps(given) ? given : {});
  if (document === MANAGE_AGENT) return manageAgent(cloud, instance, parameters);
  if (document === CONFIGURE_PACKAGE) configurePackage(cloud, instance.id, parameters);
  return undefined;
}

function configurePackage(cloud: Cloud, instanceId: string, { action, name }: Readonly<Record<string, string>>): void {
  const agents = installedAgents(cloud);
  if (name !== AGENT_PACKAGE) return;
  if (action === "Uninstall") agents.delete(instanceId);
  else if (agents.get(instanceId) === undefined) agents.set(instanceId, { running: false, given: "", active: "" });
}

function manageAgent(cloud: Cloud, instance: Resource, parameters: Readonly<Record<string, string>>): string | undefined {
  const agents = installedAgents(cloud);
  const agent = agents.get(instance.id);
  if (agent === undefined) return `the CloudWatch agent is not installed; ${CONFIGURE_PACKAGE} installs ${AGENT_PACKAGE}`;
  if (parameters["action"] === "stop") agents.set(instance.id, { ...agent, running: false });
  if (parameters["action"] === "start") agents.set(instance.id, { ...agent, running: true, active: agent.given });
  if (parameters["action"] !== "configure") return undefined;
  const fetched = fetchConfiguration(cloud, instance, parameters["optionalConfigurationLocation"] ?? "");
  // An agent that runs goes on as it was.
  if ("failure" in fetched) return fetched.failure;
  const restarts = parameters["optionalRestart"] === "yes";
  agents.set(instance.id, { ...agent, given: fetched.text, ...(restarts && { running: true, active: fetched.text }) });
  if (fetched.unplayed.length > 0 && agent.given !== fetched.text)
    cloud.note(`The CloudWatch agent on ${instance.id} cannot measure here: ${fetched.unplayed.join(", ")}`);
  return undefined;
}

/** What the agent's parameter says, fetched with the instance's own role and checked. */
function fetchConfiguration(
  cloud: Cloud,
  instance: Resource,
  location: string,
): { readonly text: string; readonly unplayed: readonly string[] } | { readonly failure: string } {
  const { region } = instance;
  const refusal = refusalOf(cloud, instance, {
    action: "ssm:GetParameter",
    resource: location.startsWith("arn:") ? location : parameterArn(cloud, location, region),
  });
  if (refusal !== undefined) return { failure: refusal };
  const parameter = findParameter(cloud, location, region);
  if (parameter === undefined) return { failure: `ParameterNotFound: there is no parameter ${location} in ${region}` };
  try {
    const configuration = valueOf(parameter);
    return { text: configuration, unplayed: parseSettings(configuration).unplayed };
  } catch (error) {
    if (error instanceof AgentSettingsError) return { failure: `${location}: ${error.message}` };
    throw error;
  }
}

function parametersOf({ inputs }: Resource): string {
  return JSON.stringify(inputs["parameters"] ?? {});
}

function keyOf(association: Resource, instance: Resource): string {
  return `${association.id}/${instance.id}`;
}
