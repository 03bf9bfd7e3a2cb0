import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import { runServer } from "../../plane/workload-server.ts";
import { instance } from "../ec2/instance.ts";
import { INSTANCE, serverOf } from "../ec2/instance-server.ts";
import { isOut } from "../ec2/outages.ts";
import type { Place } from "./group-settings.ts";
import { type LaunchOption, type TemplateVersion, templateVersion } from "./launch-plan.ts";
import type { Market } from "./members.ts";

/** What a group asks of EC2. */
export interface Order {
  readonly place: Place;
  readonly option: LaunchOption;
  readonly market: Market;
}

/** An instance that EC2 has launched, and what of. */
export interface Launched {
  readonly instance: Resource;
  readonly template: TemplateVersion;
}

/**
 * Launches an instance for a group, as one change of the world: EC2 calls it running, and nothing runs yet. Throws EC2's error where it can't be launched.
 */
export function launchInstance(cloud: Cloud, group: Resource, { market, option, place }: Order): Launched {
  const template = templateVersion(cloud, group.region, option.template);
  const inputs: Props = {
    ...instance.defaults,
    launchTemplate: { id: template.id, version: template.version },
    ...networkOf(template.content, place),
    ...(option.type !== undefined && { instanceType: option.type }),
    tags: tagsOf(group, template),
  };
  const operation = { cloud, urn: "", name: group.id, region: group.region, inputs };
  const row = cloud.world.change(() => {
    const { id, outputs } = instance.create(operation);
    return cloud.world.put({
      type: INSTANCE,
      id,
      // No program asked for it: the group did.
      urn: "",
      region: group.region,
      inputs,
      outputs: { ...inputs, ...outputs, ...(market === "spot" && { instanceLifecycle: "spot" }) },
      phase: "ready",
      claimed: true,
    });
  });
  return { instance: row, template };
}

/** The subnet is the group's choice: a template that describes an interface leaves it out. */
function networkOf(content: Props, { subnet }: Place): Props {
  const [described, ...more] = valuesAt(content, "networkInterfaces[]").filter(isProps);
  if (described === undefined) return { subnetId: subnet };
  if (more.length > 0)
    throw new CloudError("UnsupportedOperation", "The sandbox gives an instance one network interface of its own");
  return {
    subnetId: subnet,
    associatePublicIpAddress: described["associatePublicIpAddress"] === "true",
    vpcSecurityGroupIds: described["securityGroups"] ?? content["vpcSecurityGroupIds"],
  };
}

/** Those of the template, those of the group that say so, and those that Auto Scaling writes itself. */
function tagsOf({ id, inputs }: Resource, template: TemplateVersion): Props {
  const specified = valuesAt(template.content, "tagSpecifications[]")
    .filter(isProps)
    .find((specification) => text(specification, "resourceType") === "instance");
  const own = valuesAt(inputs, "tags[]")
    .filter(isProps)
    .filter((tag) => tag["propagateAtLaunch"] === true)
    .map((tag) => [text(tag, "key"), text(tag, "value")] as const);
  return {
    ...(isProps(specified?.["tags"]) && specified["tags"]),
    ...Object.fromEntries(own),
    "aws:autoscaling:groupName": id,
    "aws:ec2launchtemplate:id": template.id,
    "aws:ec2launchtemplate:version": template.version,
  };
}

/** The instance as EC2 has it; undefined if it is gone or going. */
export function livingInstance(cloud: Cloud, region: string, id: string): Resource | undefined {
  const row = cloud.world.get(INSTANCE, id, region);
  return row?.phase === "deleting" ? undefined : row;
}

/** Starts the programs of an instance and resolves when they take connections. Rejects, with what they wrote, when they don't within `patienceMs`. */
export async function startPrograms(cloud: Cloud, row: Resource, patienceMs: number): Promise<void> {
  if (isOut(cloud, row)) throw new Error(`the instance ${row.id} is switched off`);
  await runServer(cloud, serverOf(cloud, row), patienceMs);
}

/** Ends an instance for good, whatever protects it: that protects from people and not from its group. One that is gone is fine. */
export async function terminateInstance(cloud: Cloud, region: string, id: string): Promise<void> {
  const row = cloud.world.get(INSTANCE, id, region);
  if (row === undefined) return;
  if (row.phase !== "deleting") {
    cloud.world.change(() => {
      instance.remove?.(cloud, { ...row, inputs: { ...row.inputs, forceDestroy: true } });
      cloud.world.put({ ...row, phase: "deleting" });
    });
  }
  await instance.halt?.(cloud, row);
  cloud.world.drop(row);
}
