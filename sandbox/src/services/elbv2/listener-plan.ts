import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import type { Action, Rule, Stickiness, WeightedGroup } from "../../plane/load-balancer/actions.ts";
import type { Answered } from "../../plane/load-balancer/answered.ts";
import type { Exchange } from "../../plane/load-balancer/exchange.ts";
import type { ListenerPlan } from "../../plane/load-balancer/listener.ts";
import type { HeaderRules } from "../../plane/load-balancer/request.ts";
import type { TargetGroup } from "../../plane/load-balancer/target-group.ts";
import { webAclOf } from "../wafv2/associations.ts";
import { inspect } from "../wafv2/inspection.ts";
import { groupsOf, listOf, wholeRedirect } from "./actions.ts";
import { answerHeadersOf } from "./answer-headers.ts";
import { matcherOf } from "./conditions.ts";
import { LISTENER, LISTENER_RULE, LOAD_BALANCER } from "./names.ts";

/** What a plan needs besides the world. */
export interface Parts {
  /** The running target group of that ARN; undefined where there is none. */
  readonly group: (arn: string) => { readonly row: Resource; readonly group: TargetGroup } | undefined;
  /** The local port of a listener, by its ARN. */
  readonly localPort: (listener: string) => number | undefined;
  /** Told of every request that a listener of the load balancer answered. */
  readonly answered: (loadBalancer: Resource, listener: Resource, what: Answered, exchange: Exchange) => void;
}

/** What a listener is to do, as the world has it now. Undefined once its load balancer is gone. */
export function listenerPlan(cloud: Cloud, listener: Resource, parts: Parts): ListenerPlan | undefined {
  const loadBalancer = cloud.world.get(LOAD_BALANCER, text(listener.inputs, "loadBalancerArn"));
  if (loadBalancer === undefined) return undefined;
  const { outputs } = loadBalancer;
  const webAcl = webAclOf(cloud, loadBalancer.id);
  const behind = { kind: "ALB", id: `${cloud.account}-${text(outputs, "arnSuffix")}` } as const;
  return {
    ...frontOf(listener),
    rules: rulesOf(cloud, listener).map((rule) => ruleOf(rule, parts)),
    otherwise: actionOf(listOf(listener.outputs["defaultActions"])[0] ?? {}, parts),
    headers: headerRules(outputs),
    ...(webAcl !== undefined && { inspect: (asked) => inspect(cloud, webAcl, asked, behind) }),
    idleMs: 1000 * Number(outputs["idleTimeout"]),
    answerHeaders: answerHeadersOf(listener.outputs),
    localPort: (port) => {
      const other = listenersOf(cloud, loadBalancer).find((one) => frontOf(one).port === port);
      return other === undefined ? undefined : parts.localPort(other.id);
    },
    now: cloud.now,
    answered: (what, exchange) => {
      parts.answered(loadBalancer, listener, what, exchange);
    },
  };
}

/** The listeners of a load balancer that have come to stay. */
export function listenersOf({ world }: Pick<Cloud, "world">, { id }: Resource): Resource[] {
  return world.all(LISTENER).filter((row) => row.phase !== "deleting" && row.inputs["loadBalancerArn"] === id);
}

/** The rules of a listener that have come to stay, in the order in which they are tried. */
export function rulesOf({ world }: Pick<Cloud, "world">, { id }: Resource): Resource[] {
  return world
    .all(LISTENER_RULE)
    .filter((row) => row.phase !== "deleting" && row.inputs["listenerArn"] === id)
    .sort((one, other) => Number(one.outputs["priority"]) - Number(other.outputs["priority"]));
}

/** What the outside world sees of a listener. */
export function frontOf({ outputs }: Resource): Pick<ListenerPlan, "port" | "protocol"> {
  return { protocol: text(outputs, "protocol") === "HTTPS" ? "HTTPS" : "HTTP", port: Number(outputs["port"]) };
}

function ruleOf({ outputs }: Resource, parts: Parts): Rule {
  return {
    priority: Number(outputs["priority"]),
    matches: matcherOf(listOf(outputs["conditions"])),
    action: actionOf(listOf(outputs["actions"])[0] ?? {}, parts),
  };
}

function actionOf(action: Props, parts: Parts): Action {
  const type = text(action, "type");
  if (type === "redirect") return redirectOf(wholeRedirect(action));
  const fixed = action["fixedResponse"];
  if (type === "fixed-response" && isProps(fixed)) {
    return {
      kind: "fixed",
      status: Number(text(fixed, "statusCode")),
      contentType: text(fixed, "contentType"),
      body: text(fixed, "messageBody"),
    };
  }
  const forward = isProps(action["forward"]) ? action["forward"] : {};
  const sticky = isProps(forward["stickiness"]) ? forward["stickiness"] : {};
  return {
    kind: "forward",
    groups: groupsOf(action).flatMap(({ arn, weight }) => weighted(parts.group(arn), weight)),
    ...(sticky["enabled"] === true && { stickyMs: 1000 * Number(sticky["duration"]) }),
  };
}

function redirectOf(redirect: Props): Action {
  return {
    kind: "redirect",
    status: text(redirect, "statusCode") === "HTTP_301" ? 301 : 302,
    protocol: text(redirect, "protocol"),
    host: text(redirect, "host"),
    port: text(redirect, "port"),
    path: text(redirect, "path"),
    query: text(redirect, "query"),
  };
}

function weighted(found: ReturnType<Parts["group"]>, weight: number): WeightedGroup[] {
  if (found === undefined) return [];
  const stickiness = stickinessOf(found.row);
  return [{ group: found.group, weight, ...(stickiness !== undefined && { stickiness }) }];
}

function stickinessOf({ outputs }: Resource): Stickiness | undefined {
  const stickiness = outputs["stickiness"];
  if (!isProps(stickiness) || stickiness["enabled"] !== true) return undefined;
  const ms = 1000 * Number(stickiness["cookieDuration"]);
  return text(stickiness, "type") === "app_cookie"
    ? { kind: "application", ms, cookie: text(stickiness, "cookieName") }
    : { kind: "load balancer", ms };
}

function headerRules(outputs: Props): HeaderRules {
  const mode = text(outputs, "xffHeaderProcessingMode");
  return {
    forwardedFor: mode === "preserve" || mode === "remove" ? mode : "append",
    clientPort: outputs["enableXffClientPort"] === true,
    keepHost: outputs["preserveHostHeader"] === true,
    dropInvalid: outputs["dropInvalidHeaderFields"] === true,
  };
}
