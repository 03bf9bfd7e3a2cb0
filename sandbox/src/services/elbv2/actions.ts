import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Reference } from "../../core/definition.ts";
import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import { between, type Limit, matching, oneOf, shown } from "../limits.ts";
import { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP, toTargetGroup } from "./names.ts";

/** Elastic Load Balancing API Reference, ForwardActionConfig and "Quotas for your Application Load Balancers". */
const MOST_GROUPS = 5;
const GREATEST_WEIGHT = 999;
const WEEK_SECONDS = 7 * 24 * 60 * 60;
const CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"];
const UNPLAYED = ["authenticate-cognito", "authenticate-oidc", "jwt-validation"];
/** What the provider fills in for a redirect: nothing changes. */
const SAME: Readonly<Record<string, string>> = {
  host: "#{host}",
  path: "/#{path}",
  port: "#{port}",
  protocol: "#{protocol}",
  query: "#{query}",
};

/** What is wrong with one action of a listener or a rule. */
export const actionLimit: Limit = (value) => {
  if (!isProps(value)) return "an action must be an object";
  const type = text(value, "type");
  if (UNPLAYED.includes(type))
    return `the sandbox does not play ${type}: it has nobody to ask who a client is. It plays forward, redirect and fixed-response`;
  const fault = oneOf("forward", "redirect", "fixed-response")(type, value);
  if (fault !== undefined) return `type: ${fault}`;
  if (type === "forward") return forwardFault(value);
  return type === "redirect" ? redirectFault(value) : fixedFault(value);
};

/** Limits of the actions under `path`, `defaultActions` or `actions`. */
export function actionLimits(path: string): Readonly<Record<string, Limit>> {
  return {
    [path]: (value) =>
      Array.isArray(value) && value.length === 1
        ? undefined
        : `exactly one action is given, as the sandbox plays none that asks who a client is (given: ${Array.isArray(value) ? value.length : 0})`,
    [`${path}[]`]: actionLimit,
  };
}

/** The target groups that the actions under `path` name; they cannot be deleted meanwhile. */
export function actionReferences(path: string): readonly Reference[] {
  return [toTargetGroup(`${path}[].targetGroupArn`, true), toTargetGroup(`${path}[].forward.targetGroups[].arn`, true)];
}

function forwardFault(action: Props): string | undefined {
  const groups = valuesAt(action, "forward.targetGroups[]").filter(isProps);
  const ways = [text(action, "targetGroupArn") !== "", isProps(action["forward"])].filter(Boolean).length;
  if (ways !== 1)
    return `a forward action has exactly one of targetGroupArn and forward (given: ${ways === 0 ? "none" : "both"})`;
  if (!isProps(action["forward"])) return undefined;
  if (groups.length < 1 || groups.length > MOST_GROUPS)
    return `forward has 1 to ${MOST_GROUPS} target groups, not ${groups.length}`;
  const arns = groups.map((group) => text(group, "arn"));
  const twice = arns.find((group, at) => arns.indexOf(group) !== at);
  if (twice !== undefined) return `the target group ${twice} is named twice`;
  const weight = groups
    .map(({ weight: value }) => (value === undefined ? undefined : between(0, GREATEST_WEIGHT)(value, {})))
    .find((fault) => fault !== undefined);
  if (weight !== undefined) return `weight: ${weight}`;
  const [stickiness] = valuesAt(action, "forward.stickiness").filter(isProps);
  const fault = stickiness === undefined ? undefined : between(1, WEEK_SECONDS)(stickiness["duration"] ?? 0, {});
  return fault === undefined ? undefined : `stickiness.duration: ${fault}`;
}

function redirectFault(action: Props): string | undefined {
  const redirect = action["redirect"];
  if (!isProps(redirect)) return "a redirect action needs redirect";
  const checks: Readonly<Record<string, Limit>> = {
    statusCode: oneOf("HTTP_301", "HTTP_302"),
    protocol: oneOf("HTTP", "HTTPS", "#{protocol}"),
    port: (value) =>
      value === "#{port}" || (/^\d+$/.test(textOf(value)) && between(1, 65_535)(Number(value), {}) === undefined)
        ? undefined
        : `${shown(value)} is neither a port from 1 to 65535 nor #{port}`,
    path: matching(/^\/.{0,127}$/, "a path begins with a slash and has at most 128 characters"),
    query: matching(/^(?!\?).{0,128}$/, "a query is given without its question mark and has at most 128 characters"),
    host: matching(/^.{1,128}$/, "a host has 1 to 128 characters"),
  };
  for (const [name, limit] of Object.entries(checks)) {
    const value = redirect[name];
    const fault = value === undefined || value === null ? undefined : limit(value, redirect);
    if (fault !== undefined) return `redirect.${name}: ${fault}`;
  }
  return undefined;
}

function fixedFault(action: Props): string | undefined {
  const fixed = action["fixedResponse"];
  if (!isProps(fixed)) return "a fixed-response action needs fixedResponse";
  const status = text(fixed, "statusCode");
  if (!/^[245]\d\d$/.test(status)) return `fixedResponse.statusCode: ${shown(status)} is not a status of 2XX, 4XX or 5XX`;
  const type = oneOf(...CONTENT_TYPES)(fixed["contentType"] ?? "", fixed);
  if (type !== undefined) return `fixedResponse.contentType: ${type}`;
  const { length } = text(fixed, "messageBody");
  return length > 1024 ? `fixedResponse.messageBody has ${length} characters; at most 1024 are allowed` : undefined;
}

/** A redirect with every part: those that are not given stay as they were asked for. */
export function wholeRedirect(action: Props): Props {
  return { ...SAME, ...present(isProps(action["redirect"]) ? action["redirect"] : {}) };
}

/** The groups of a forward action with their weights; none for another action. */
export function groupsOf(action: Props): { readonly arn: string; readonly weight: number }[] {
  const single = text(action, "targetGroupArn");
  if (single !== "") return [{ arn: single, weight: 1 }];
  return valuesAt(action, "forward.targetGroups[]")
    .filter(isProps)
    .map((group) => ({ arn: text(group, "arn"), weight: typeof group["weight"] === "number" ? group["weight"] : 1 }));
}

/**
 * Throws what only the cloud can refuse of actions: a redirect that leads to itself, and a group that another load balancer has. `loadBalancer` is the ARN of
 * the one whose listener this is.
 */
export function requireActions(operation: Operation, actions: readonly Props[], loadBalancer: string): void {
  for (const action of actions) {
    const { status: _status, statusCode: _code, ...redirect } = wholeRedirect(action);
    const isLoop = Object.entries(SAME).every(([part, same]) => redirect[part] === same);
    if (text(action, "type") === "redirect" && isLoop)
      throw new CloudError("InvalidLoadBalancerAction", "The redirect configuration is not valid because it creates a loop.");
    for (const { arn } of groupsOf(action)) requireOwnGroup(operation, arn, loadBalancer);
  }
}

function requireOwnGroup(operation: Operation, arn: string, loadBalancer: string): void {
  const { cloud, urn } = operation;
  const elsewhere = usersOf(cloud, arn).filter(({ urn: other, loadBalancer: of }) => other !== urn && of !== loadBalancer);
  if (elsewhere.length > 0) {
    throw new CloudError(
      "TargetGroupAssociationLimit",
      `The following target groups cannot be associated with more than one load balancer: ${arn}`,
    );
  }
  const group = cloud.world.get(TARGET_GROUP, arn);
  const vpc = text(cloud.world.get(LOAD_BALANCER, loadBalancer)?.outputs ?? {}, "vpcId");
  if (group === undefined || group.outputs["vpcId"] === vpc) return;
  throw new CloudError(
    "InvalidConfigurationRequest",
    `The target group ${arn} and the load balancer are in different VPCs: ${text(group.outputs, "vpcId")} and ${vpc}`,
  );
}

/** The load balancers whose listeners and rules send requests to a group, each with the URN of the listener or rule. */
export function usersOf({ world }: Cloud, group: string): { readonly urn: string; readonly loadBalancer: string }[] {
  const listeners = world.all(LISTENER).map((row) => ({ row, actions: row.inputs["defaultActions"], listener: row }));
  const rules = world.all(LISTENER_RULE).flatMap((row) => {
    const listener = world.get(LISTENER, text(row.inputs, "listenerArn"));
    return listener === undefined ? [] : [{ row, actions: row.inputs["actions"], listener }];
  });
  return [...listeners, ...rules].flatMap(({ row, actions, listener }) => {
    const names = listOf(actions).some((action) => groupsOf(action).some(({ arn }) => arn === group));
    return names && row.phase !== "deleting" ? [{ urn: row.urn, loadBalancer: text(listener.inputs, "loadBalancerArn") }] : [];
  });
}

/** The objects of a list. */
export function listOf(value: Value | undefined): Props[] {
  return Array.isArray(value) ? value.filter(isProps) : [];
}

function present(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined && value !== null));
}

function textOf(value: Value): string {
  return typeof value === "string" ? value : "";
}
