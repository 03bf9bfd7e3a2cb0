import type { Cloud } from "../core/cloud.ts";
import type { Resource } from "../core/definition.ts";
import type { Space } from "../core/world.ts";
import type { Props } from "../core/values.ts";

const DAY = 24 * 60 * 60 * 1000;

/** A resource that the engine has deleted and the cloud has not: it can be brought back until its window ends. */
// A type, not an interface: only a type alias may stand where the world's JSON values are asked for.
export type Waiting = {
  type: string;
  id: string;
  region: string;
  inputs: Props;
  outputs: Props;
  /** When it was deleted, in milliseconds since the epoch. */
  since: number;
  /** When it goes for good, in milliseconds since the epoch. */
  until: number;
};

/** The resources of one kind that wait for their deletion (secrets, keys); on disk like the rest of the world. */
export class RecoveryWindow {
  private readonly name: string;
  private readonly end: (cloud: Cloud, waiting: Waiting) => void;

  /** `name` is the world's space for it; `end` destroys what belongs to a resource whose window has ended. */
  constructor(name: string, end: (cloud: Cloud, waiting: Waiting) => void) {
    this.name = name;
    this.end = end;
  }

  /** Keeps a resource that is about to go, for so many days. */
  keep(cloud: Cloud, { type, id, region, inputs, outputs }: Resource, days: number): void {
    const since = cloud.now();
    this.space(cloud).set(`${region}/${id}`, { type, id, region, inputs, outputs, since, until: since + days * DAY });
  }

  /** Those that wait in a region; ends the ones whose time is over first. */
  waiting(cloud: Cloud, region: string): Waiting[] {
    return cloud.world.change(() =>
      this.space(cloud)
        .entries(`${region}/`)
        .flatMap(([key, waiting]) => {
          if (waiting.until > cloud.now()) return [waiting];
          this.space(cloud).delete(key);
          this.end(cloud, waiting);
          return [];
        }),
    );
  }

  /** Brings one back. No program asked for it, so it stands there without a URN, ready to be imported. */
  restore(cloud: Cloud, { since: _since, until: _until, ...row }: Waiting): Resource {
    return cloud.world.change(() => {
      this.space(cloud).delete(`${row.region}/${row.id}`);
      return cloud.world.put({ ...row, urn: "", phase: "ready", claimed: true });
    });
  }

  private space(cloud: Cloud): Space<Waiting> {
    return cloud.world.space<Waiting>(this.name);
  }
}
