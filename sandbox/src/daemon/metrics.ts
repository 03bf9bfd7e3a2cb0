import type { Cloud } from "../core/cloud.ts";
import { LoadMeter } from "../plane/process-load.ts";
import { GroupMetrics } from "../services/autoscaling/metrics.ts";
import { AgentMetrics } from "../services/cloudwatch-agent/agent.ts";
import { edgesOf } from "../services/cloudfront/edges.ts";
import { InstanceMetrics } from "../services/ec2/instance-metrics.ts";
import { InstancePrograms } from "../services/ec2/instance-programs.ts";
import { CacheMetrics } from "../services/elasticache/metrics.ts";
import { BalancerMetrics } from "../services/elbv2/metrics.ts";
import { ClusterMetrics } from "../services/rds/cluster-metrics.ts";
import { collectQueues } from "../services/sqs/metrics.ts";
import { StateManager } from "../services/ssm/association-runs.ts";

const MINUTE_MS = 60_000;
/** A timer may fire a little before its time, when the minute is not over yet. */
const AFTER_MS = 20;

/** The running measurement of what runs. */
export interface Metrics {
  /** Publishes the last minute that is over, from what has run since the look before. Never rejects: what cannot be measured is noted, once. */
  readonly collect: () => Promise<void>;
  /** Stops the timer, and resolves when nothing is under way. */
  readonly close: () => Promise<void>;
}

/**
 * Starts publishing the metrics of servers, databases, caches, load balancers, distributions and queues: those that AWS publishes by itself, and those of the CloudWatch agents that Systems Manager installs.
 * Once a minute, when it is over, so that the minute stands in the store when the alarms look at it.
 */
export function startMetrics(cloud: Cloud): Metrics {
  const meter = new LoadMeter(cloud.processes, cloud.now);
  const programs = new InstancePrograms(cloud);
  const associations = new StateManager(cloud);
  const instances = new InstanceMetrics(cloud, programs);
  const agents = new AgentMetrics(cloud, programs);
  const groups = new GroupMetrics(cloud);
  const clusters = new ClusterMetrics(cloud);
  const balancers = new BalancerMetrics(cloud);
  const caches = new CacheMetrics(cloud);
  const told = new Map<string, string>();

  const attempt = async (what: string, work: () => Promise<void> | void): Promise<void> => {
    try {
      await work();
      told.delete(what);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (told.get(what) !== message) cloud.note(`${what}: ${message}`);
      told.set(what, message);
    }
  };
  const measure = async (): Promise<void> => {
    const minute = Math.floor(cloud.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
    await attempt("Load balancers could not be measured", () => {
      balancers.collect(minute);
    });
    await attempt("Distributions could not be measured", async () => {
      edgesOf(cloud).traffic.publish(cloud, minute);
      await edgesOf(cloud).logs.flush();
    });
    await attempt("Queues could not be measured", () => {
      collectQueues(cloud, minute);
    });
    await attempt("Processes could not be measured", async () => {
      const load = meter.measure();
      await attempt("Associations could not be run", () => {
        associations.run();
      });
      await attempt("Servers could not be measured", () => {
        instances.collect(load, minute);
      });
      await attempt("Groups of servers could not be measured", () => {
        groups.collect(minute);
      });
      await attempt("The CloudWatch agents could not measure", () => agents.collect(load, minute));
      await attempt("Databases could not be measured", () => clusters.collect(load, minute));
      await attempt("Caches could not be measured", () => caches.collect(load, minute));
    });
  };
  let under: Promise<void> = Promise.resolve();
  const collect = (): Promise<void> => (under = under.then(measure));

  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const next = (): void => {
    if (closed) return;
    const wait = MINUTE_MS - (cloud.now() % MINUTE_MS) + AFTER_MS;
    timer = setTimeout(() => void collect().then(next), wait).unref();
  };
  next();
  return {
    collect,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await under;
    },
  };
}
