import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import type { CacheSpec, CacheUser } from "../../plane/cache/cache-group.ts";
import { cachesOf } from "../../plane/cache/cache-groups.ts";
import { tokensOf } from "./auth-tokens.ts";
import { memoryOf } from "./node-types.ts";
import { engineSettings } from "./parameters.ts";
import { PARAMETER_GROUP, USER, USER_GROUP } from "./types.ts";

/** Makes the processes of a replication group match it; resolves when all its nodes answer. */
export async function runCache(cloud: Cloud, group: Resource): Promise<void> {
  await cachesOf(cloud).run(specOf(cloud, group));
}

/** Under which name a group's processes are known. */
export function cacheId({ id, region }: Pick<Resource, "id" | "region">): string {
  return `${region}.${id}`;
}

function specOf(cloud: Cloud, group: Resource): CacheSpec {
  const { inputs, outputs, region } = group;
  const parameters = cloud.world.get(PARAMETER_GROUP, text(outputs, "parameterGroupName"), region);
  const port = String(Number(outputs["port"] ?? 6379));
  return {
    id: cacheId(group),
    nodes: texts(outputs, "memberClusters"),
    primaryName: `${text(outputs, "primaryEndpointAddress")}:${port}`,
    readerName: `${text(outputs, "readerEndpointAddress")}:${port}`,
    tls: outputs["transitEncryptionEnabled"] === true,
    users: usersOf(cloud, group),
    settings: engineSettings(parameters?.inputs["parameters"], memoryOf(text(outputs, "nodeType")) ?? 0),
    failsOver: inputs["automaticFailoverEnabled"] === true,
  };
}

/** Who may use the cache: the users of its group; else everybody with its token, or without one. */
function usersOf(cloud: Cloud, group: Resource): CacheUser[] {
  const [groupId] = texts(group.inputs, "userGroupIds");
  if (groupId === undefined) return [{ name: "default", passwords: tokensOf(cloud, group), access: "on ~* &* +@all" }];
  const members = texts(cloud.world.get(USER_GROUP, groupId, group.region)?.inputs ?? {}, "userIds");
  const users = members.flatMap((id) => {
    const row = cloud.world.get(USER, id, group.region);
    return row === undefined ? [] : [asCacheUser(row.inputs)];
  });
  const hasDefault = users.some(({ name }) => name === "default");
  // ElastiCache's own user `default` may do everything without a password; a group without a default user lets in nobody who gives no name.
  const access = members.includes("default") ? "on ~* &* +@all" : "off";
  return hasDefault ? users : [{ name: "default", passwords: [], access }, ...users];
}

function asCacheUser(inputs: Props): CacheUser {
  return { name: text(inputs, "userName"), passwords: passwordsOf(inputs), access: text(inputs, "accessString") };
}

/** The passwords of a user, newest first; none for a user that needs no password. */
export function passwordsOf(user: Props): string[] {
  const mode = user["authenticationMode"];
  return isProps(mode) ? texts(mode, "passwords") : texts(user, "passwords");
}
