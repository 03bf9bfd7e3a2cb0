import { randomBytes } from "node:crypto";
import type { Operation } from "../../core/definition.ts";

/** The id that the provider gives, unless another resource has it: what is drawn at random may come twice, and an id here must be the resource's own. */
export function ownId({ cloud, region }: Operation, type: string, id: string): string {
  return cloud.world.get(type, id, region) === undefined ? id : `${id}-${randomBytes(8).toString("hex")}`;
}
