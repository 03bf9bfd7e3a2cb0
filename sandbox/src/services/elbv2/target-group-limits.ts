import { isProps, type Props, text, type Value } from "../../core/values.ts";
import { all, between, type Limit, matching, ofLength, oneOf, shown } from "../limits.ts";
import { nameLimits } from "./names.ts";

const WEEK_SECONDS = 7 * 24 * 60 * 60;

/** What the provider fills in for a health check. Source: its documentation of TargetGroupHealthCheck; the timeout depends on the protocol. */
export function wholeCheck(inputs: Props): Props {
  const given = isProps(inputs["healthCheck"]) ? inputs["healthCheck"] : {};
  return {
    enabled: true,
    healthyThreshold: 3,
    interval: 30,
    matcher: "200",
    path: "/",
    port: "traffic-port",
    protocol: "HTTP",
    timeout: inputs["protocol"] === "HTTPS" ? 10 : 6,
    unhealthyThreshold: 3,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null)),
  };
}

/** A matcher such as `200`, `200,202` or `200-299`, within 200 to 499. */
const matcher: Limit = (value) => {
  const numbers = typeof value === "string" && /^\d{3}([,-]\d{3})*$/.test(value) ? value.split(/[,-]/).map(Number) : [];
  return numbers.length > 0 && numbers.every((status) => status >= 200 && status <= 499)
    ? undefined
    : `${shown(value)} is no list or range of statuses from 200 to 499, such as "200,202" or "200-299"`;
};

const checkPort: Limit = (value) =>
  value === "traffic-port" || (/^\d+$/.test(textOf(value)) && between(1, 65_535)(Number(value), {}) === undefined)
    ? undefined
    : `${shown(value)} is neither "traffic-port" nor a port from 1 to 65535`;

const checkInterval: Limit = (value, inputs) => {
  const { interval, timeout } = wholeCheck(inputs);
  return between(5, 300)(value, inputs) ?? (Number(timeout) < Number(interval) ? undefined : timeoutFault(timeout, interval));
};

const checkTimeout: Limit = (value, inputs) => {
  const { interval, timeout } = wholeCheck(inputs);
  const given = isProps(inputs["healthCheck"]) && inputs["healthCheck"]["interval"] !== undefined;
  // Told once, beside the interval where that is given.
  return (
    between(2, 120)(value, inputs) ?? (given || Number(timeout) < Number(interval) ? undefined : timeoutFault(timeout, interval))
  );
};

function timeoutFault(timeout: Value | undefined, interval: Value | undefined): string {
  return `the timeout must be smaller than the interval (given: ${Number(timeout)} s and ${Number(interval)} s)`;
}

const cookieName: Limit = all(
  ofLength(1, 128),
  matching(/^(?!AWSALB)/, "names that begin with AWSALB are kept for the load balancer itself"),
);

const stickiness: Limit = (value) => {
  if (!isProps(value)) return undefined;
  const type = text(value, "type");
  const isNamed = text(value, "cookieName") !== "";
  if (type === "app_cookie") return isNamed ? undefined : "app_cookie needs the cookieName of the application's cookie";
  if (type === "lb_cookie")
    return isNamed ? "cookieName goes with app_cookie only: the load balancer names its own cookie" : undefined;
  return `type: ${shown(type)} is not one of the allowed values: app_cookie, lb_cookie`;
};

/** "Slow start mode" of the Elastic Load Balancing User Guide. */
const slowStart: Limit = (value, inputs) => {
  if (value === 0) return undefined;
  const algorithm = text(inputs, "loadBalancingAlgorithmType");
  return (
    between(30, 900)(value, inputs)?.replace("30 to 900", "0, or 30 to 900") ??
    (algorithm === "" || algorithm === "round_robin" ? undefined : `slow start goes with round_robin only, not with ${algorithm}`)
  );
};

const percentage: Limit = (value) =>
  value === "off" || (/^\d+$/.test(textOf(value)) && between(1, 100)(Number(value), {}) === undefined)
    ? undefined
    : `${shown(value)} is neither "off" nor a percentage from 1 to 100`;

const otherBalancers = (what: string): Limit => {
  return () => `${what} belongs to network and gateway load balancers, which the sandbox does not play`;
};

/** What a target group may be. Source: Elastic Load Balancing API Reference, CreateTargetGroup and TargetGroupAttribute. */
export const targetGroupLimits: Readonly<Record<string, Limit>> = {
  ...nameLimits,
  port: between(1, 65_535),
  protocol: (value) =>
    value === "HTTP" || value === "HTTPS"
      ? undefined
      : `${shown(value)}: the sandbox plays application load balancers, whose target groups speak HTTP or HTTPS`,
  protocolVersion: (value) =>
    value === "HTTP1"
      ? undefined
      : `${shown(value)}: the sandbox speaks HTTP/1.1 with targets; leave protocolVersion out, or give "HTTP1"`,
  targetType: (value) =>
    value === "instance"
      ? undefined
      : `${shown(value)}: the targets of the sandbox are servers; leave targetType out, or give "instance"`,
  ipAddressType: oneOf("ipv4"),
  deregistrationDelay: between(0, 3600),
  slowStart,
  loadBalancingAlgorithmType: oneOf("round_robin", "least_outstanding_requests", "weighted_random"),
  loadBalancingAnomalyMitigation: (value) =>
    value === "off"
      ? undefined
      : `${shown(value)}: the sandbox does not mitigate anomalies of targets; leave it out, or give "off"`,
  loadBalancingCrossZoneEnabled: (value) =>
    value === "false"
      ? "the sandbox's load balancer reaches targets of all zones from each; leave loadBalancingCrossZoneEnabled out"
      : oneOf("true", "use_load_balancer_configuration")(value, {}),
  "healthCheck.enabled": (value) => (value === true ? undefined : "health checks of servers can't be switched off"),
  "healthCheck.healthyThreshold": between(2, 10),
  "healthCheck.unhealthyThreshold": between(2, 10),
  "healthCheck.interval": checkInterval,
  "healthCheck.timeout": checkTimeout,
  "healthCheck.matcher": matcher,
  "healthCheck.path": all(ofLength(1, 1024), matching(/^\//, "a path begins with a slash")),
  "healthCheck.port": checkPort,
  "healthCheck.protocol": oneOf("HTTP", "HTTPS"),
  stickiness,
  "stickiness.cookieDuration": between(1, WEEK_SECONDS),
  "stickiness.cookieName": cookieName,
  "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsCount": between(1, 1000),
  "targetGroupHealth.unhealthyStateRouting.minimumHealthyTargetsPercentage": percentage,
  "targetGroupHealth.dnsFailover": () => "the sandbox gives a load balancer one address; dnsFailover has nothing to fail over to",
  connectionTermination: (value, inputs) =>
    value === false ? undefined : otherBalancers("connectionTermination")(value, inputs),
  preserveClientIp: otherBalancers("preserveClientIp"),
  proxyProtocolV2: (value, inputs) => (value === false ? undefined : otherBalancers("proxyProtocolV2")(value, inputs)),
  "targetFailovers[]": otherBalancers("targetFailovers"),
  "targetHealthStates[]": otherBalancers("targetHealthStates"),
  targetControlPort: () => "the target optimizer is not played by the sandbox",
};

function textOf(value: Value): string {
  return typeof value === "string" ? value : "";
}
