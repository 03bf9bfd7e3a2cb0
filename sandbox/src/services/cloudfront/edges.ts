import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { World } from "../../core/world.ts";
import { Edge } from "../../plane/cdn/edge.ts";
import { HttpOrigin } from "../../plane/cdn/http-origin.ts";
import type { EdgePlan, Served } from "../../plane/cdn/plan.ts";
import { AccessLog } from "./access-log.ts";
import { edgePlan } from "./edge-plan.ts";
import { DISTRIBUTION } from "./names.ts";
import { Traffic } from "./traffic.ts";

/** The distributions of a sandbox at work. */
export class Edges {
  readonly traffic = new Traffic();
  readonly logs: AccessLog;
  private readonly cloud: Cloud;
  private readonly edges = new Map<string, { readonly opened: Promise<Edge>; plan: EdgePlan }>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.logs = new AccessLog(cloud);
  }

  /** Opens a distribution's edge, or lets the open one go on by what the world says now. One that is switched off has none. */
  async run(row: Resource): Promise<void> {
    if (row.inputs["enabled"] !== true) {
      await this.stop(row);
      return;
    }
    const plan = edgePlan(this.cloud, row, (served) => {
      this.note(row.id, served);
    });
    const certificate = await this.cloud.trust.issue([...plan.names]);
    const known = this.edges.get(row.id);
    if (known !== undefined) {
      (await known.opened).follow(plan, certificate);
      for (const origin of known.plan.origins.values()) if (origin instanceof HttpOrigin) origin.retire();
      known.plan = plan;
      return;
    }
    const [secure, plain] = [await this.cloud.ports.of(portKey(row, "https")), await this.cloud.ports.of(portKey(row, "http"))];
    const opened = Edge.open({ secure, plain }, plan, certificate);
    // Kept before it stands open: whoever comes meanwhile gets the same edge.
    this.edges.set(row.id, { opened, plan });
    try {
      await opened;
    } catch (error) {
      this.edges.delete(row.id);
      throw error;
    }
    const domain = text(row.outputs, "domainName");
    this.cloud.addresses.set(`${domain}:443`, { host: "127.0.0.1", port: secure });
    this.cloud.addresses.set(`${domain}:80`, { host: "127.0.0.1", port: plain });
    this.cloud.addresses.setDoor(row.id, { url: `http://127.0.0.1:${String(secure)}`, target: domain });
  }

  /** Takes no more requests for a distribution; an unknown one is fine. */
  async stop(row: Resource): Promise<void> {
    const known = this.edges.get(row.id);
    this.edges.delete(row.id);
    const domain = text(row.outputs, "domainName");
    for (const port of [443, 80]) this.cloud.addresses.remove(`${domain}:${String(port)}`);
    this.cloud.addresses.removeDoor(row.id);
    if (known === undefined) return;
    await (await known.opened.catch(() => undefined))?.close();
    await closeOrigins(known.plan);
  }

  /** The same for one that is deleted: its ports are given back. */
  async remove(row: Resource): Promise<void> {
    await this.stop(row);
    await this.logs.flush(row.id);
    for (const kind of ["https", "http"] as const) this.cloud.ports.forget(portKey(row, kind));
  }

  /** Forgets what these paths name. */
  async invalidate(id: string, paths: readonly string[]): Promise<void> {
    (await this.edges.get(id)?.opened)?.cache.invalidate(paths);
  }

  async close(): Promise<void> {
    const all = [...this.edges.values()];
    this.edges.clear();
    for (const { opened, plan } of all) {
      await (await opened.catch(() => undefined))?.close();
      await closeOrigins(plan);
    }
    await this.logs.flush();
  }

  private note(id: string, served: Served): void {
    this.traffic.add(id, served);
    const row = this.cloud.world.get(DISTRIBUTION, id);
    if (row !== undefined) this.logs.add(row, served);
  }
}

function portKey({ id }: Resource, kind: "http" | "https"): string {
  return `cloudfront:${id}:${kind}`;
}

async function closeOrigins({ origins }: EdgePlan): Promise<void> {
  for (const origin of origins.values()) if (origin instanceof HttpOrigin) await origin.close();
}

// By the world, of which there is one for each sandbox however often its Cloud object is copied.
const open = new WeakMap<World, Edges>();

/** The edges of this sandbox. */
export function edgesOf(cloud: Cloud): Edges {
  const known = open.get(cloud.world) ?? new Edges(cloud);
  open.set(cloud.world, known);
  return known;
}

/** Lets every distribution go on by what the world says now; for policies that have changed. */
export async function refreshEdges(cloud: Cloud): Promise<void> {
  for (const row of cloud.world.all(DISTRIBUTION)) if (row.phase === "ready") await edgesOf(cloud).run(row);
}

/** Closes all edges, for the end of the daemon: the next one opens the same again, with nothing kept. */
export async function closeEdges(cloud: Cloud): Promise<void> {
  await open.get(cloud.world)?.close();
  open.delete(cloud.world);
}
