import { request } from "undici";
import { codeOf } from "../forward.ts";

/** What a target's health can be (Elastic Load Balancing API Reference, TargetHealth). */
export type TargetState = "initial" | "healthy" | "unhealthy" | "unused" | "draining";

/** How the targets of a group are asked for their health. */
export interface HealthCheck {
  /** Path and query. */
  readonly path: string;
  /** A port of the target. @default - the one on which it receives traffic */
  readonly port?: number;
  /** Statuses that count as healthy, such as `200`, `200,204` or `200-299`. */
  readonly matcher: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Successes in a row until an unhealthy target is healthy again. */
  readonly healthyThreshold: number;
  /** Failures in a row until a target is unhealthy. */
  readonly unhealthyThreshold: number;
}

/** Why a target is not healthy, in the words of Elastic Load Balancing. */
export interface Reason {
  /** Such as `Target.Timeout`. */
  readonly code: string;
  readonly description: string;
}

/** Reasons that do not come of a health check. */
export const REASONS = {
  checking: { code: "Elb.InitialHealthChecking", description: "Initial health checks in progress" },
  deregistered: { code: "Target.DeregistrationInProgress", description: "Target deregistration is in progress" },
  notInUse: {
    code: "Target.NotInUse",
    description: "Target group is not configured to receive traffic from the load balancer",
  },
  notRunning: { code: "Target.InvalidState", description: "Target is in the stopped state" },
} as const satisfies Record<string, Reason>;

const FAILED: Reason = { code: "Target.FailedHealthChecks", description: "Health checks failed" };
const TIMED_OUT: Reason = { code: "Target.Timeout", description: "Request timed out" };

/** Asks a local port once, over a connection of its own, and gives why that does not count as healthy; undefined where it does. */
export async function probe(port: number | undefined, { path, matcher, timeoutMs }: HealthCheck): Promise<Reason | undefined> {
  if (port === undefined) return FAILED;
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
      reset: true,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await body.dump();
    if (matches(matcher, statusCode)) return undefined;
    return {
      code: "Target.ResponseCodeMismatch",
      description: `Health checks failed with these codes: [${statusCode}]`,
    };
  } catch (error) {
    return codeOf(error) === "TimeoutError" ? TIMED_OUT : FAILED;
  }
}

/** Whether a matcher such as `200,300-399` names the status. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [least = NaN, most = least] = part.split("-").map(Number);
    return status >= least && status <= most;
  });
}

/** The health of one target, as its checks say. */
export class Health {
  state: TargetState = "initial";
  reason: Reason | undefined = REASONS.checking;
  private inARow = 0;
  private wasOk = false;

  /** Begins anew: nothing is known yet. */
  reset(): void {
    this.state = "initial";
    this.reason = REASONS.checking;
    this.inARow = 0;
  }

  /** Takes a state that no check decides: the target is not asked, or is leaving. */
  set(state: "unused" | "draining", reason: Reason): void {
    this.state = state;
    this.reason = reason;
    this.inARow = 0;
  }

  /**
   * Takes in the outcome of a check and says whether the state has changed. A new target is healthy after its first success (Elastic Load Balancing User Guide,
   * "Health checks for your target groups"); after that a state changes only when the threshold is reached.
   */
  take(failure: Reason | undefined, { healthyThreshold, unhealthyThreshold }: HealthCheck): boolean {
    const ok = failure === undefined;
    this.inARow = ok === this.wasOk ? this.inARow + 1 : 1;
    this.wasOk = ok;
    const before = this.state;
    if (ok && (before === "initial" || this.inARow >= healthyThreshold)) this.state = "healthy";
    if (!ok && this.inARow >= unhealthyThreshold) this.state = "unhealthy";
    if (this.state === "healthy") this.reason = undefined;
    else if (!ok && this.state === "unhealthy") this.reason = failure;
    return this.state !== before;
  }
}
