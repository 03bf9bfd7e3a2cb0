import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { invalidCombination } from "./types.ts";

/** The tokens by which one may use a cache, the newest first; none where it takes everybody. */
export function tokensOf(cloud: Cloud, group: Pick<Resource, "id" | "region">): string[] {
  return cloud.world.space<string[]>("elasticache-tokens").get(keyOf(group)) ?? [];
}

/** Keeps the token of a new cache. */
export function setFirstToken(cloud: Cloud, group: Pick<Resource, "id" | "region">, inputs: Props): void {
  const token = text(inputs, "authToken");
  keep(cloud, group, token === "" ? [] : [token]);
}

/**
 * Changes the token of a cache by its strategy. Source: ElastiCache user guide, "Modifying the AUTH token": ROTATE takes a new one beside the old, SET leaves the
 * new one alone, DELETE takes everybody.
 */
export function changeToken(cloud: Cloud, before: Resource, inputs: Props): void {
  const [token, old] = [text(inputs, "authToken"), tokensOf(cloud, before)];
  const strategy = text(inputs, "authTokenUpdateStrategy") || "ROTATE";
  if (strategy === "DELETE") {
    if (token !== "") throw invalidCombination("The AUTH token cannot be given together with the update strategy DELETE.");
    keep(cloud, before, []);
  } else if (token !== "" && strategy === "SET") keep(cloud, before, [token]);
  else if (token !== "" && token !== old[0]) keep(cloud, before, [token, ...old.slice(0, 1)]);
  else if (token === "" && old.length > 0)
    throw invalidCombination("To take the AUTH token away, the update strategy must be DELETE.");
}

export function forgetTokens(cloud: Cloud, group: Pick<Resource, "id" | "region">): void {
  cloud.world.space<string[]>("elasticache-tokens").delete(keyOf(group));
}

function keep(cloud: Cloud, group: Pick<Resource, "id" | "region">, tokens: string[]): void {
  cloud.world.space<string[]>("elasticache-tokens").set(keyOf(group), tokens);
}

function keyOf({ id, region }: Pick<Resource, "id" | "region">): string {
  return `${region}/${id}`;
}
