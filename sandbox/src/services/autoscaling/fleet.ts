import { setTimeout as delay } from "node:timers/promises";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import type { World } from "../../core/world.ts";
import { groupSettings } from "./group-settings.ts";
import { judge } from "./health.ts";
import { advance } from "./lifecycle.ts";
import { GROUP } from "./names.ts";
import { members, type Round } from "./round.ts";
import { decide } from "./policies.ts";
import { rebalance } from "./rebalance.ts";
import { refresh } from "./refresh.ts";
import { scale } from "./scaling.ts";
import { keepSchedules } from "./schedules.ts";
import { heedNotices } from "./spot.ts";
import { Tasks } from "./tasks.ts";

/** How often groups are looked at. */
const LOOK_MS = 500;
/** How long nothing is launched after EC2 could not launch an instance. */
const RETRY_MS = 15_000;
/** How long a new instance may take until its programs take connections, before it comes into service all the same. */
const START_MS = 10_000;

/** How the groups of a cloud are looked after. */
export interface FleetOptions {
  /** Waited for between two looks. @default - half a second */
  readonly pause?: () => Promise<unknown>;
  /** How long a new instance may take until its programs take connections, in milliseconds. @default 10_000 */
  readonly startMs?: number;
}

/** The Auto Scaling groups of a cloud at work. What they are, and which instances they have, is in the world: this is only what goes on now. */
export class Fleet {
  /** Groups whose update waits until they have the capacity that it asks for. */
  readonly awaited = new Set<string>();
  private readonly cloud: Cloud;
  private readonly pause: () => Promise<unknown>;
  private readonly startMs: number;
  private readonly tasks: Tasks;
  private readonly noLaunchBefore = new Map<string, number>();
  private readonly told = new Map<string, string>();
  private readonly closing = new AbortController();

  constructor(cloud: Cloud, { pause = () => delay(LOOK_MS), startMs = START_MS }: FleetOptions = {}) {
    this.cloud = cloud;
    this.pause = pause;
    this.startMs = startMs;
    this.tasks = new Tasks(cloud.note);
  }

  /** Looks at every group once and begins what is to be done. What goes wrong with one group is noted, and keeps no other from its look. */
  look(): void {
    if (this.closing.signal.aborted) return;
    for (const group of this.cloud.world.all(GROUP)) {
      try {
        this.lookAt(group);
        this.told.delete(keyOf(group));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (this.told.get(keyOf(group)) !== message)
          this.cloud.note(`The group ${group.id} could not be looked after: ${message}`);
        this.told.set(keyOf(group), message);
      }
    }
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.tasks.settled();
  }

  /** Looks no more, for the end of the daemon: nobody waits any longer, and what must not be cut off comes to its end. The next one goes on. */
  async close(): Promise<void> {
    this.closing.abort();
    running.delete(this.cloud.world);
    await this.settled();
  }

  /** Looks again and again until `found` gives something, and resolves to that. Rejects when the daemon ends meanwhile. */
  async until<T>(found: () => T | undefined): Promise<T> {
    for (;;) {
      if (this.closing.signal.aborted) throw new Error("the sandbox was stopped meanwhile; it goes on when it is started again");
      this.look();
      const value = found();
      if (value !== undefined) return value;
      await this.pause();
    }
  }

  private lookAt(group: Resource): void {
    const round: Round = {
      cloud: this.cloud,
      group,
      settings: groupSettings(this.cloud, group),
      tasks: this.tasks,
      closing: this.closing.signal,
      startMs: this.startMs,
      mayLaunch: () => this.cloud.now() >= (this.noLaunchBefore.get(keyOf(group)) ?? 0),
      launchFailed: () => void this.noLaunchBefore.set(keyOf(group), this.cloud.now() + RETRY_MS),
    };
    for (const member of members(round)) advance(round, member);
    judge(round);
    if (group.phase !== "deleting") {
      keepSchedules(round);
      decide(round);
    }
    refresh(round);
    heedNotices(round);
    scale(round);
    rebalance(round);
  }
}

function keyOf({ id, region }: Resource): string {
  return `${region} ${id}`;
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const running = new WeakMap<World, Fleet>();

/** The groups of this cloud, looked after until they are closed. The first call may say how. */
export function fleetOf(cloud: Cloud, options: FleetOptions = {}): Fleet {
  const known = running.get(cloud.world) ?? new Fleet(cloud, options);
  running.set(cloud.world, known);
  return known;
}

/** The groups of a daemon at work. */
export interface GroupsAtWork {
  /** Stops looking, tells those who wait, and resolves when nothing is under way. */
  readonly close: () => Promise<void>;
}

/** Starts looking after the groups of a daemon. */
export function startGroups(cloud: Cloud): GroupsAtWork {
  const fleet = fleetOf(cloud);
  const timer = setInterval(() => {
    fleet.look();
  }, LOOK_MS).unref();
  return {
    close: () => {
      clearInterval(timer);
      return fleet.close();
    },
  };
}
