import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { isProps, type Props, text, texts } from "../../core/values.ts";
import { matching, oneOf, shown } from "../limits.ts";
import { passwordsOf, runCache } from "./caches.ts";
import { invalidCombination, invalidValue, REPLICATION_GROUP, USER, USER_GROUP } from "./types.ts";

const PASSWORD = /^[^\s,"/@]{16,128}$/;

/** Who may use caches, and for what. Source: ElastiCache user guide, "Role-based access control (RBAC)". */
export const user: ResourceDefinition = {
  type: USER,
  replaceOn: ["userId", "userName"],
  // From redis to valkey an engine is changed in place; the way back there is not.
  alsoReplaceOn: (before, now) => (isDowngrade(before, now) ? ["engine"] : []),
  limits: {
    userId: matching(/^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,39}(?<!-)$/, "1 to 40 letters, digits and single hyphens, a letter first"),
    userName: matching(/^\S{1,120}$/, "1 to 120 characters without white space"),
    engine: (value) => oneOf("redis", "valkey")(typeof value === "string" ? value.toLowerCase() : value, {}),
    accessString: (value) =>
      typeof value === "string" && /^(on|off)(\s+\S+)*$/.test(value.trim()) && !/(^|\s)[<>#!](\S+)|nopass|resetpass/.test(value)
        ? undefined
        : `${shown(value)} is not an access string: it begins with on or off, keys and commands follow, as in "on ~app:* +@read"; passwords have a place of their own`,
    "passwords[]": matching(PASSWORD, '16 to 128 characters without white space and , " / @'),
    "authenticationMode.passwords[]": matching(PASSWORD, '16 to 128 characters without white space and , " / @'),
    "authenticationMode.type": oneOf("password", "no-password-required", "iam"),
    passwordsWo: () => "the sandbox does not serve write-only passwords: use passwords",
  },
  create: (operation) => {
    const { cloud, inputs, region } = operation;
    const id = text(inputs, "userId").toLowerCase();
    if (cloud.world.get(USER, id, region) !== undefined || id === "default")
      throw new CloudError("UserAlreadyExists", `User ${id} already exists.`);
    requireAuthentication(inputs);
    return { id, outputs: { userId: id, arn: arn("elasticache", region, cloud.account, `user:${id}`) } };
  },
  update: ({ inputs }: Operation, before) => {
    requireAuthentication(inputs);
    return { userId: before.id };
  },
  run: async (cloud, row) => {
    await refreshUsers(cloud, row);
    return undefined;
  },
};

function requireAuthentication(inputs: Props): void {
  const mode = inputs["authenticationMode"];
  const type = isProps(mode) ? text(mode, "type") : inputs["noPasswordRequired"] === true ? "no-password-required" : "password";
  const passwords = passwordsOf(inputs);
  if (type === "iam") throw invalidValue("The sandbox does not serve IAM authentication of caches' users: use passwords.");
  if (type === "password" && passwords.length === 0)
    throw invalidCombination(
      "No password was provided. If you want to create/update the user without password, please use the NoPasswordRequired flag.",
    );
  if (type === "no-password-required" && passwords.length > 0)
    throw invalidCombination("Passwords cannot be given together with NoPasswordRequired.");
  if (passwords.length > 2) throw invalidValue("The passwords list is limited to a maximum of 2 passwords.");
}

/** Whether the engine of something goes from valkey back to redis. */
export function isDowngrade(before: Props, now: Props): boolean {
  return text(before, "engine").toLowerCase() === "valkey" && text(now, "engine").toLowerCase() !== "valkey";
}

async function refreshUsers(cloud: Cloud, row: Resource): Promise<void> {
  const groups = cloud.world
    .all(USER_GROUP)
    .filter((group) => group.region === row.region && texts(group.inputs, "userIds").includes(row.id));
  const ids = new Set(groups.map(({ id }) => id));
  const caches = cloud.world.all(REPLICATION_GROUP).filter(({ inputs, phase, region }) => {
    return phase === "ready" && region === row.region && texts(inputs, "userGroupIds").some((id) => ids.has(id));
  });
  for (const cache of caches) await runCache(cloud, cache);
}
