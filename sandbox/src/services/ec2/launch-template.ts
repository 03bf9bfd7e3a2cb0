import { isDeepStrictEqual } from "node:util";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { type Props, text } from "../../core/values.ts";
import { all, between, matching, ofLength, shown } from "../limits.ts";
import { amiId, disk, instanceType, metadataLimits } from "./instance-limits.ts";
import { dropVersions, LAUNCH_TEMPLATE, putVersion, versionData, versionOf } from "./launch-template-versions.ts";
import { ec2Arn, quota } from "./network-errors.ts";
import { base64UserData } from "./user-data.ts";

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const present = cloud.world.all(LAUNCH_TEMPLATE).filter((row) => row.region === region);
  // Amazon EC2 User Guide, "Launch template restrictions".
  quota(present.length, 5000, "LaunchTemplateLimitExceeded", "You have reached the limit on launch templates.");
  const id = newId("lt");
  const prefix = text(inputs, "namePrefix");
  const name = prefix === "" ? text(inputs, "name") : `${prefix}${id.slice(-16)}`;
  if (present.some((row) => row.outputs["name"] === name)) {
    throw new CloudError("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
  }
  if (typeof inputs["defaultVersion"] === "number" && inputs["defaultVersion"] !== 1) {
    throw new CloudError(
      "InvalidLaunchTemplateId.VersionNotFound",
      `A new launch template has version 1 only; defaultVersion ${inputs["defaultVersion"]} does not exist`,
    );
  }
  putVersion(cloud, id, 1, inputs);
  return {
    id,
    outputs: { arn: ec2Arn(operation, `launch-template/${id}`), name, namePrefix: prefix, latestVersion: 1, defaultVersion: 1 },
  };
}

/** A changed content becomes a new version; which version is the default changes only where that is asked for. */
function update(operation: Operation, before: Resource): Props {
  const { cloud, inputs } = operation;
  let latestVersion = Number(before.outputs["latestVersion"]);
  if (!isDeepStrictEqual(versionData(inputs), versionData(before.inputs))) putVersion(cloud, before.id, ++latestVersion, inputs);
  const asked =
    inputs["updateDefaultVersion"] === true ? latestVersion : (inputs["defaultVersion"] ?? before.outputs["defaultVersion"] ?? 1);
  versionOf(cloud, { ...before, outputs: { ...before.outputs, latestVersion } }, shown(asked));
  return { latestVersion, defaultVersion: asked, name: before.outputs["name"], namePrefix: before.outputs["namePrefix"] };
}

/** The version that an update makes, or the default that it moves to, is told only when it is done. */
function renewed(before: Props, now: Props): readonly string[] {
  const changes = !isDeepStrictEqual(versionData(before), versionData(now));
  const moves = now["updateDefaultVersion"] === true && (changes || before["updateDefaultVersion"] !== true);
  return [...(changes ? ["latestVersion"] : []), ...(moves ? ["defaultVersion"] : [])];
}

/** What servers are made of, in numbered versions. Its content is only looked at when a server is launched from it. */
export const launchTemplate: ResourceDefinition = {
  type: LAUNCH_TEMPLATE,
  replaceOn: ["name", "namePrefix"],
  autoName: { property: "name", maxLength: 125 },
  limits: {
    // Amazon EC2 API Reference, CreateLaunchTemplate.
    name: all(ofLength(3, 128), matching(/^[a-zA-Z0-9().\-/_]+$/, "allowed are letters, digits and ( ) . - / _")),
    description: ofLength(0, 255),
    namePrefix: (_value, inputs) => (text(inputs, "name") === "" ? undefined : '"namePrefix" conflicts with "name"'),
    defaultVersion: all(between(1, Number.MAX_SAFE_INTEGER), (_value, inputs) =>
      inputs["updateDefaultVersion"] === true ? '"defaultVersion" conflicts with "updateDefaultVersion"' : undefined,
    ),
    imageId: amiId,
    instanceType,
    userData: base64UserData,
    "blockDeviceMappings[].ebs": disk,
    ...metadataLimits,
  },
  renewed,
  create,
  update,
  remove: (cloud, template) => {
    dropVersions(cloud, template.id);
  },
};
