import type { Answered } from "../../plane/load-balancer/answered.ts";

const MINUTE_MS = 60_000;
/** Times are kept to three digits: no percentile is off by more than half a percent. */
const DIGITS = 3;

/** How often something happened in a minute, by the name of its metric. */
export type Counts = Map<string, number>;

/** What a load balancer did in a minute, in all and for each of its target groups. */
export interface Minute {
  readonly counts: Counts;
  /** Seconds until a target began to answer → how often that was so. */
  readonly times: Map<number, number>;
}

/** A load balancer, as its metrics know it. */
export interface Balancer {
  readonly region: string;
  /** Such as `app/web/50dc6c495c0c9188`. */
  readonly suffix: string;
}

/** What happened in one minute: under the suffix of the load balancer, and of each target group beside it. */
export interface Published extends Balancer {
  /** Such as `targetgroup/web/73e2d6bc24d8a067`. @default - the load balancer as a whole */
  readonly group?: string;
  readonly minute: Minute;
}

/** Counts what becomes of requests, minute by minute, until it is published. */
export class Statistics {
  /** The first millisecond of a minute → what happened in it. */
  private readonly minutes = new Map<number, Map<string, Published>>();

  /** Takes in what became of a request. */
  take(balancer: Balancer, what: Answered): void {
    const names = namesOf(what);
    this.add(what, balancer, undefined, names);
    if (what.group !== undefined) this.add(what, balancer, suffixOf(what.group), names.filter(isOfGroup));
  }

  /** What happened in the minutes up to this one, which are then forgotten. */
  upTo(minute: number): { readonly at: number; readonly published: readonly Published[] }[] {
    const over = [...this.minutes].filter(([at]) => at <= minute).sort(([one], [other]) => one - other);
    for (const [at] of over) this.minutes.delete(at);
    return over.map(([at, all]) => ({ at, published: [...all.values()] }));
  }

  private add(what: Answered, balancer: Balancer, group: string | undefined, names: readonly string[]): void {
    const at = Math.floor(what.at / MINUTE_MS) * MINUTE_MS;
    const all = this.minutes.get(at) ?? new Map<string, Published>();
    this.minutes.set(at, all);
    const key = `${balancer.suffix} ${group ?? ""}`;
    const known = all.get(key) ?? {
      ...balancer,
      ...(group !== undefined && { group }),
      minute: { counts: new Map<string, number>(), times: new Map<number, number>() },
    };
    all.set(key, known);
    const { counts, times } = known.minute;
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (what.targetSeconds === undefined) return;
    const seconds = Number(what.targetSeconds.toPrecision(DIGITS));
    times.set(seconds, (times.get(seconds) ?? 0) + 1);
  }
}

/** The metrics that count a request (Elastic Load Balancing User Guide, "CloudWatch metrics for your Application Load Balancer"). */
function namesOf({ kind, status, target, targetStatus, unconnected }: Answered): string[] {
  const own = status !== undefined && targetStatus === undefined;
  return [
    // What no target could be chosen for is not counted.
    ...(target === undefined ? [] : ["RequestCount"]),
    ...(targetStatus === undefined ? [] : [`HTTPCode_Target_${hundred(targetStatus)}_Count`]),
    ...(own && kind !== "fixed" ? ownNames(status) : []),
    ...(kind === "redirect" ? ["HTTP_Redirect_Count"] : []),
    ...(kind === "fixed" ? ["HTTP_Fixed_Response_Count"] : []),
    ...(unconnected === true ? ["TargetConnectionErrorCount"] : []),
  ];
}

function ownNames(status: number): string[] {
  const isNamed = [500, 502, 503, 504].includes(status);
  return [`HTTPCode_ELB_${hundred(status)}_Count`, ...(isNamed ? [`HTTPCode_ELB_${status}_Count`] : [])];
}

function hundred(status: number): string {
  return `${Math.floor(status / 100)}XX`;
}

/** The metrics that there are for each target group too. */
function isOfGroup(name: string): boolean {
  return name === "RequestCount" || name === "TargetConnectionErrorCount" || name.startsWith("HTTPCode_Target_");
}

function suffixOf(arn: string): string {
  return arn.split(":")[5] ?? "";
}
