import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { dropVersions } from "./store.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A secret inside its recovery window: its name stays taken, and its values are kept until `until`. */
// A type, not an interface: only a type alias may stand where the world's JSON values are asked for.
type Deleted = {
  arn: string;
  name: string;
  region: string;
  inputs: Props;
  outputs: Props;
  /** Milliseconds since the epoch. */
  since: number;
  until: number;
};

/** Keeps a secret that is about to go, for so many days. */
export function scheduleDeletion(cloud: Cloud, secret: Resource, days: number): void {
  const since = cloud.now();
  const { id: arn, region, inputs, outputs } = secret;
  const name = text(outputs, "name");
  space(cloud).set(arn, { arn, name, region, inputs, outputs, since, until: since + days * DAY });
}

/** The secret of that ARN, partial ARN or name that waits for its deletion, if there is one; those whose time is over are deleted for good. */
export function findDeleted(cloud: Cloud, arnOrName: string, region: string): Deleted | undefined {
  for (const [arn, deleted] of space(cloud).entries()) {
    if (deleted.until > cloud.now()) continue;
    space(cloud).delete(arn);
    dropVersions(cloud, arn);
  }
  return space(cloud)
    .entries()
    .map(([, deleted]) => deleted)
    .find(({ arn, name, region: its }) => its === region && [arn, arn.slice(0, -7), name].includes(arnOrName));
}

/** Forgets that a secret waits for its deletion; its values stay. */
export function forgetDeleted(cloud: Cloud, arn: string): void {
  space(cloud).delete(arn);
}

/** The error for what cannot be done with such a secret. */
export function markedForDeletion(): CloudError {
  return new CloudError(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

function space(cloud: Cloud): ReturnType<typeof cloud.world.space<Deleted>> {
  return cloud.world.space<Deleted>("secretsmanager-deleted");
}
