import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import type { Answered } from "../../plane/load-balancer/answered.ts";
import { clientAddress } from "../../plane/client-address.ts";
import { type Exchange, trafficOf } from "../../plane/load-balancer/exchange.ts";
import { INSTANCE } from "../ec2/instance-server.ts";
import { frontOf } from "./listener-plan.ts";

/** What stands where there is nothing to say. */
const NONE = "-";

/** The line of a request in the access log of a load balancer. Source: Elastic Load Balancing User Guide, "Access logs for your Application Load Balancer". */
export function accessLogLine(
  cloud: Cloud,
  loadBalancer: Resource,
  listener: Resource,
  what: Answered,
  exchange: Exchange,
): string {
  const { location, priority, receivedAt, request, trace } = exchange;
  const { protocol, port } = frontOf(listener);
  const { received, sent } = trafficOf(request);
  const target = targetOf(cloud, loadBalancer.region, what);
  const isForward = what.kind === "forward";
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const fields = [
    protocol.toLowerCase(),
    new Date(what.at).toISOString().replace("Z", "000Z"),
    text(loadBalancer.outputs, "arnSuffix"),
    `${clientAddress(request)}:${request.socket.remotePort ?? 0}`,
    target,
    ...times(exchange, what),
    what.status ?? NONE,
    what.targetStatus ?? NONE,
    received,
    sent,
    quoted(`${request.method ?? ""} ${protocol.toLowerCase()}://${host}:${port}${request.url ?? ""} HTTP/${request.httpVersion}`),
    quoted(request.headers["user-agent"] ?? NONE),
    // TLS is left out on this machine.
    NONE,
    NONE,
    isForward ? (what.group ?? NONE) : NONE,
    quoted(trace),
    quoted(protocol === "HTTPS" ? host : NONE),
    quoted(protocol === "HTTPS" ? text(listener.inputs, "certificateArn") : NONE),
    priority,
    new Date(receivedAt).toISOString().replace("Z", "000Z"),
    quoted(actionsOf(what, exchange)),
    quoted(location ?? NONE),
    quoted(NONE),
    quoted(target),
    quoted(String(what.targetStatus ?? NONE)),
    quoted(NONE),
    quoted(NONE),
    NONE,
  ];
  return fields.join(" ");
}

/** Seconds until it was passed on, until the target began to answer, and until the answer was through; -1 for what did not happen. */
function times({ beganAt, passedAt }: Exchange, { targetSeconds }: Answered): string[] {
  if (passedAt === undefined || targetSeconds === undefined) return ["-1", "-1", "-1"];
  const rest = (performance.now() - passedAt) / 1000 - targetSeconds;
  return [(passedAt - beganAt) / 1000, targetSeconds, rest].map((seconds) => seconds.toFixed(3));
}

function targetOf({ world }: Cloud, region: string, { target }: Answered): string {
  if (target === undefined) return NONE;
  const server = world.get(INSTANCE, target.id, region);
  return server === undefined ? NONE : `${text(server.outputs, "privateIp")}:${target.port}`;
}

function actionsOf({ kind }: Answered, { inspected }: Exchange): string {
  const action = { forward: "forward", redirect: "redirect", fixed: "fixed-response", refused: "" }[kind];
  return [...(inspected ? ["waf"] : []), ...(action === "" ? [] : [action])].join(",") || NONE;
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16)}`)}"`;
}
