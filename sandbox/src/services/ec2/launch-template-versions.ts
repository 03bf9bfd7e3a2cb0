import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { shown } from "../limits.ts";

export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Inputs that belong to the template and not to its versions. */
const OF_THE_TEMPLATE = ["name", "namePrefix", "tags", "tagsAll", "region", "updateDefaultVersion", "defaultVersion"];

/** What of a template's inputs is the content of a version. */
export function versionData(inputs: Props): Props {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !OF_THE_TEMPLATE.includes(name) && !name.startsWith("__")));
}

/** Keeps a version; it never changes afterwards. */
export function putVersion(cloud: Cloud, templateId: string, version: number, inputs: Props): void {
  versions(cloud).set(`${templateId}/${version}`, versionData(inputs));
}

/** Forgets a template's versions. */
export function dropVersions(cloud: Cloud, templateId: string): void {
  for (const [key] of versions(cloud).entries(`${templateId}/`)) versions(cloud).delete(key);
}

/** The template that a `launchTemplate` input names, by id or name. Throws EC2's error if there is none. */
export function findTemplate(cloud: Cloud, region: string, given: Props): Resource {
  const id = text(given, "id");
  const name = text(given, "name");
  if (id !== "" && name !== "") {
    throw new CloudError("InvalidParameterCombination", "Only one of the launch template's id and name may be given");
  }
  const found = cloud.world
    .all(LAUNCH_TEMPLATE)
    .find((row) => row.region === region && (id === "" ? row.outputs["name"] === name : row.id === id));
  if (found !== undefined) return found;
  throw id === ""
    ? new CloudError(
        "InvalidLaunchTemplateName.NotFoundException",
        `The specified launch template, with template name ${name}, does not exist.`,
      )
    : new CloudError(
        "InvalidLaunchTemplateId.NotFound",
        `The specified launch template, with template ID ${id}, does not exist.`,
      );
}

/** The content of a version: a number, `$Latest`, `$Default`, or "" for the default. Throws EC2's error for one that there is not. */
export function versionOf(cloud: Cloud, template: Resource, version: string): Props {
  const named = { $Latest: "latestVersion", $Default: "defaultVersion", "": "defaultVersion" }[version];
  const number = named === undefined ? version : shown(template.outputs[named] ?? 1);
  const found = versions(cloud).get(`${template.id}/${number}`);
  if (found !== undefined) return found;
  throw new CloudError(
    "InvalidLaunchTemplateId.VersionNotFound",
    `Could not find launch template version ${version} of ${template.id}; it has versions 1 to ${shown(template.outputs["latestVersion"] ?? 1)}`,
  );
}

function versions(cloud: Cloud): Space<Props> {
  return cloud.world.space<Props>("ec2-launch-template-version");
}
