import type { Cloud } from "../../core/cloud.ts";
import { balancingOf } from "./balancing.ts";

/** How often it is looked whether a health check or a file of logs is due. The shortest interval between checks is 5 s. */
const LOOK_MS = 500;

/** The load balancers of a daemon at work. */
export interface Balancers {
  /** Ends the checks, and closes every listener. */
  readonly close: () => Promise<void>;
}

/** Starts checking the health of targets, each when its time has come, and writing access logs. */
export function startBalancers(cloud: Cloud): Balancers {
  const balancing = balancingOf(cloud);
  const look = async (): Promise<void> => {
    await balancing.check();
    await balancing.logs.write().catch((error: unknown) => {
      cloud.note(`An access log could not be written: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return {
    close: () => {
      clearInterval(timer);
      return balancing.close();
    },
  };
}
