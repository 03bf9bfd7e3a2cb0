import type { Cloud } from "../../core/cloud.ts";
import type { World } from "../../core/world.ts";
import { CacheGroup, type CacheSpec, shortcomings } from "./cache-group.ts";
import { type CacheEngine, cacheEngine } from "./engine.ts";

/** Every cache of a sandbox. */
export class CacheGroups {
  /** Looked for once: what a cache can do must not change while it runs. */
  readonly engine: CacheEngine;
  private readonly cloud: Cloud;
  private readonly groups = new Map<string, CacheGroup>();
  private readonly told = new Map<string, string>();

  constructor(cloud: Cloud, engine: CacheEngine) {
    this.cloud = cloud;
    this.engine = engine;
  }

  /** Makes a cache run as asked. */
  async run(spec: CacheSpec): Promise<void> {
    const group = this.groups.get(spec.id) ?? new CacheGroup(this.cloud, this.engine, spec);
    this.groups.set(spec.id, group);
    this.tell(spec);
    await group.run(spec);
  }

  get(id: string): CacheGroup | undefined {
    return this.groups.get(id);
  }

  async remove(id: string): Promise<void> {
    const group = this.groups.get(id);
    this.groups.delete(id);
    this.told.delete(id);
    await group?.remove();
  }

  /** Takes no more connections; the processes are the supervisor's to end. */
  async close(): Promise<void> {
    for (const group of this.groups.values()) await group.close();
    this.groups.clear();
  }

  private tell(spec: CacheSpec): void {
    const short = shortcomings(this.engine, spec);
    const message = [`The cache ${spec.id} runs on ${this.engine.description}`, ...short].join("; ");
    if (this.told.get(spec.id) !== message) this.cloud.note(`${message}.`);
    this.told.set(spec.id, message);
  }
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const open = new WeakMap<World, CacheGroups>();

/** The caches of this sandbox. `engine` is for the first call; see {@link cacheEngine} for who it is otherwise, and what it throws. */
export function cachesOf(cloud: Cloud, engine?: CacheEngine): CacheGroups {
  const known = open.get(cloud.world);
  if (known !== undefined) return known;
  const made = new CacheGroups(cloud, engine ?? cacheEngine());
  open.set(cloud.world, made);
  return made;
}

/** Closes the endpoints of all caches. */
export async function closeCaches(cloud: Cloud): Promise<void> {
  await open.get(cloud.world)?.close();
  open.delete(cloud.world);
}
