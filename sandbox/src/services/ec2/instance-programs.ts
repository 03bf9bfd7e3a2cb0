import { basename } from "node:path";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { UserDataError } from "../../plane/cloud-init-error.ts";
import type { Load, ProcessLoad } from "../../plane/process-load.ts";
import { planServer, type ServerPlan } from "../../plane/workload-server.ts";
import { workloadName } from "../../plane/workload.ts";
import { serverOf } from "./instance-server.ts";

/** A container of a server. */
export interface Container {
  /** The file name of the program in it, such as `node`. */
  readonly program: string;
  readonly commandLine: string;
  /** The process that plays it. @default - the daemon plays it itself, or it has never run */
  readonly process?: ProcessLoad;
  /** Whether its program runs now. */
  readonly isUp: boolean;
  /** Whether it is started again when it ends. */
  readonly isKept: boolean;
}

/** What a server is to run, and how that does. */
export interface Programs {
  /** Why its user data can't be played any more, such as an image that is gone. @default - they can */
  readonly fault?: string;
  readonly apps: readonly Container[];
  /** The way in from outside. @default - none */
  readonly proxy?: Container;
}

/** Looks at the programs of servers, and reads their user data once only. */
export class InstancePrograms {
  private readonly cloud: Cloud;
  private readonly plans = new Map<string, { readonly userData: string; readonly plan: ServerPlan | string }>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** The programs of the instance as `load` shows them. */
  of(instance: Resource, load: Load): Programs {
    const plan = this.planOf(instance);
    if (typeof plan === "string") return { fault: plan, apps: [] };
    const apps = plan.apps.map(({ unit, image }) => {
      const process = load.processes.get(workloadName(instance.id, unit.name));
      return {
        program: basename(image.command),
        commandLine: [image.command, ...image.args].join(" "),
        ...(process !== undefined && { process }),
        isUp: process?.pid !== undefined,
        isKept: unit.restart === "always",
      };
    });
    const { proxy } = plan;
    if (proxy === undefined) return { apps };
    // The doors of the daemon play it, so it runs whenever somebody can ask.
    const commandLine = `caddy reverse-proxy --to 127.0.0.1:${String(proxy.to)}`;
    return { apps, proxy: { program: "caddy", commandLine, isUp: true, isKept: true } };
  }

  /** Forgets what it read of instances other than these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.plans.keys()) if (!ids.has(id)) this.plans.delete(id);
  }

  private planOf(instance: Resource): ServerPlan | string {
    const { userData } = serverOf(this.cloud, instance);
    const known = this.plans.get(instance.id);
    if (known?.userData === userData) return known.plan;
    const plan = this.read(userData);
    this.plans.set(instance.id, { userData, plan });
    return plan;
  }

  private read(userData: string): ServerPlan | string {
    try {
      return planServer(this.cloud.project, userData);
    } catch (error) {
      if (error instanceof UserDataError) return error.message;
      throw error;
    }
  }
}
