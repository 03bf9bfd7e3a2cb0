import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { text, texts } from "../../core/values.ts";
import { matching, oneOf } from "../limits.ts";
import { runCache } from "./caches.ts";
import { REPLICATION_GROUP, USER, USER_GROUP } from "./types.ts";
import { isDowngrade } from "./user.ts";

/** The users of a cache. */
export const userGroup: ResourceDefinition = {
  type: USER_GROUP,
  replaceOn: ["userGroupId"],
  alsoReplaceOn: (before, now) => (isDowngrade(before, now) ? ["engine"] : []),
  limits: {
    userGroupId: matching(
      /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,39}(?<!-)$/,
      "1 to 40 letters, digits and single hyphens, a letter first",
    ),
    engine: (value) => oneOf("redis", "valkey")(typeof value === "string" ? value.toLowerCase() : value, {}),
  },
  references: [
    {
      path: "userIds[]",
      to: USER,
      missing: (id) => (id === "default" ? undefined : new CloudError("UserNotFound", `User ${id} not found.`, 404)),
      inUse: (user) =>
        new CloudError("InvalidUserState", `User ${user.id} is a member of a user group; take it out of the group first.`),
    },
  ],
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const id = text(inputs, "userGroupId").toLowerCase();
    if (cloud.world.get(USER_GROUP, id, region) !== undefined)
      throw new CloudError("UserGroupAlreadyExists", `User Group ${id} already exists.`);
    requireUsers(operation);
    return { id, outputs: { userGroupId: id, arn: arn("elasticache", region, cloud.account, `usergroup:${id}`) } };
  },
  update: (operation, before) => {
    requireUsers(operation);
    return { userGroupId: before.id };
  },
  run: async (cloud, row) => {
    const caches = cloud.world.all(REPLICATION_GROUP).filter(({ inputs, phase, region }) => {
      return phase === "ready" && region === row.region && texts(inputs, "userGroupIds").includes(row.id);
    });
    for (const cache of caches) await runCache(cloud, cache);
    return undefined;
  },
};

function requireUsers({ cloud, inputs, region }: Operation): void {
  const names = texts(inputs, "userIds").map((id) =>
    id === "default" ? id : text(cloud.world.get(USER, id, region)?.inputs ?? {}, "userName"),
  );
  if (text(inputs, "engine").toLowerCase() === "redis" && !names.includes("default"))
    throw new CloudError("DefaultUserRequired", "User group needs to contain a user with the user name default.");
  if (new Set(names).size < names.length)
    throw new CloudError("DuplicateUserName", "User group contains users with duplicate user names.");
}
