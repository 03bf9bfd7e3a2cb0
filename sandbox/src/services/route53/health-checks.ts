import { request } from "undici";
import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { CLIENT_HEADER } from "../../plane/client-address.ts";
import { locateName } from "../../plane/name-doors.ts";
import { settleNames } from "./answers.ts";
import { bare } from "./names.ts";
import { healthOf } from "./health.ts";
import { HEALTH_CHECK } from "./rows.ts";

const NAMESPACE = "AWS/Route53";
/** The only region in which Route 53 publishes metrics. */
const REGION = "us-east-1";
/** Four seconds until the connection stands, and two more until the answer is there (Route 53 Developer Guide, "How Route 53 determines whether a health check is healthy"). */
const PATIENCE_MS = 6000;
/** So much of an answer is searched. */
const SEARCHED_BYTES = 5120;
/** Where the checkers stand (https://ip-ranges.amazonaws.com/ip-ranges.json, service ROUTE53_HEALTHCHECKS). */
const CHECKER = "15.177.0.1";
const LOOK_MS = 1000;

/** Route 53's checkers at work. */
export interface HealthChecks {
  /** Ends them, once what they have asked is answered. */
  readonly close: () => Promise<void>;
}

/** Starts asking, each check when its time has come. */
export function startHealthChecks(cloud: Cloud): HealthChecks {
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = checkHealth(cloud).catch((error: unknown) => {
      cloud.note(`Health checks failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }, LOOK_MS).unref();
  return {
    close: () => {
      clearInterval(timer);
      return looking;
    },
  };
}

/** Asks for those checks whose time has come, publishes what they found, and lets names follow. Resolves when all have answered. */
export async function checkHealth(cloud: Cloud): Promise<void> {
  const due = cloud.world
    .all(HEALTH_CHECK)
    .filter((row) => row.phase === "ready" && row.outputs["disabled"] !== true && cloud.now() >= healthOf(cloud, row.id).nextAt);
  const changes = await Promise.all(due.map((row) => check(cloud, row)));
  if (changes.includes(true)) await settleNames(cloud);
}

/** Whether the check has changed its mind. */
async function check(cloud: Cloud, row: Resource): Promise<boolean> {
  const { id, outputs } = row;
  const health = healthOf(cloud, id);
  health.nextAt = cloud.now() + 1000 * Number(outputs["requestInterval"]);
  const found = await ask(cloud, row);
  const ok = found.fault === undefined;
  health.inARow = ok === health.wasOk ? health.inARow + 1 : 1;
  health.wasOk = ok;
  const before = health.isHealthy;
  if (health.inARow >= Number(outputs["failureThreshold"])) health.isHealthy = ok !== (outputs["invertHealthcheck"] === true);
  publish(cloud, row, health.isHealthy, found.firstByteMs);
  if (health.isHealthy === before) return false;
  const name = text(outputs, "fqdn") || text(outputs, "ipAddress");
  cloud.note(`The health check of ${name} is ${health.isHealthy ? "healthy" : `unhealthy: ${found.fault ?? "it is inverted"}`}`);
  return true;
}

/** What a checker finds: what is wrong, if anything is, and how long it took until the answer began. */
async function ask(cloud: Cloud, row: Resource): Promise<{ readonly fault?: string; readonly firstByteMs?: number }> {
  const { id, outputs } = row;
  const port = portOf(cloud, row);
  if (typeof port === "string") return { fault: port };
  const began = performance.now();
  try {
    const { body, statusCode } = await request(`http://127.0.0.1:${port}${text(outputs, "resourcePath") || "/"}`, {
      headers: {
        host: text(outputs, "fqdn") || text(outputs, "ipAddress"),
        "user-agent": `Amazon-Route53-Health-Check-Service (ref ${id}; report http://amzn.to/1vsZADi)`,
        [CLIENT_HEADER]: CHECKER,
      },
      reset: true,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const firstByteMs = performance.now() - began;
    const words = Buffer.from(await body.arrayBuffer())
      .subarray(0, SEARCHED_BYTES)
      .toString();
    if (statusCode < 200 || statusCode >= 400) return { fault: `HTTP status code ${statusCode}`, firstByteMs };
    const wanted = text(outputs, "searchString");
    return wanted === "" || words.includes(wanted)
      ? { firstByteMs }
      : { fault: `the answer does not hold "${wanted}"`, firstByteMs };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The local port behind the address or the name that is to be asked; a string says why there is none. */
function portOf(cloud: Cloud, { outputs }: Resource): number | string {
  const [address, name, port] = [text(outputs, "ipAddress"), bare(text(outputs, "fqdn")), Number(outputs["port"])];
  const direct = cloud.addresses.resolve(`${address === "" ? name : address}:${port}`)?.port;
  if (address !== "") return direct ?? `nothing answers at ${address}:${port}`;
  const led = locateName(cloud, name);
  return typeof led === "string" ? (direct ?? led) : led.port;
}

/** Source: Route 53 Developer Guide, "Monitoring your resources with Route 53 health checks and CloudWatch". */
function publish(cloud: Cloud, { id, outputs }: Resource, isHealthy: boolean, firstByteMs: number | undefined): void {
  const dimensions = { HealthCheckId: id };
  const put = (name: string, value: number, unit: string): void => {
    cloud.putMetric(NAMESPACE, name, dimensions, value, { unit, region: REGION });
  };
  put("HealthCheckStatus", isHealthy ? 1 : 0, "None");
  put("HealthCheckPercentageHealthy", isHealthy ? 100 : 0, "Percent");
  if (outputs["measureLatency"] === true && firstByteMs !== undefined) put("TimeToFirstByte", firstByteMs, "Milliseconds");
}
