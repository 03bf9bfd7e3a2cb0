import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { between } from "../limits.ts";
import { actionLimits, actionReferences, listOf, requireActions } from "./actions.ts";
import { balancingOf } from "./balancing.ts";
import { conditionLimit, requireConditions } from "./conditions.ts";
import { listenersOf, rulesOf } from "./listener-plan.ts";
import { elbArn, elbId, LISTENER, LISTENER_RULE, LOAD_BALANCER, quota, toListener } from "./names.ts";

/** Elastic Load Balancing User Guide, "Quotas for your Application Load Balancers". */
const MOST_RULES = 100;
const LAST_PRIORITY = 50_000;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs } = operation;
  const listener = listenerOf(operation);
  const balancer = cloud.world.get(LOAD_BALANCER, text(listener.inputs, "loadBalancerArn"));
  const all = balancer === undefined ? [] : listenersOf(cloud, balancer).flatMap((one) => rulesOf(cloud, one));
  quota(all.length, MOST_RULES, "TooManyRules", "The maximum number of rules has been reached");
  const others = rulesOf(cloud, listener);
  const last = Math.max(0, ...others.map(({ outputs }) => Number(outputs["priority"])));
  const priority = inputs["priority"] ?? last + 1;
  const outputs = checked(operation, listener, Number(priority), others);
  const id = elbArn(operation, `${(listener.id.split(":")[5] ?? "").replace(/^listener/, "listener-rule")}/${elbId()}`);
  return { id, outputs: { ...outputs, arn: id } };
}

function checked(operation: Operation, listener: Resource, priority: number, others: readonly Resource[]): Props {
  const { inputs } = operation;
  if (others.some(({ outputs }) => outputs["priority"] === priority))
    throw new CloudError("PriorityInUse", `Priority '${priority}' is currently in use`);
  if (priority > LAST_PRIORITY)
    throw new CloudError("ValidationError", `The priority of a rule is 1 to ${LAST_PRIORITY}, not ${priority}`);
  requireConditions(listOf(inputs["conditions"]));
  requireActions(operation, listOf(inputs["actions"]), text(listener.inputs, "loadBalancerArn"));
  return {
    priority,
    actions: listOf(inputs["actions"]).map((action, at) => ({ order: at + 1, ...action })),
    tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
  };
}

function listenerOf({ cloud, inputs }: Operation): Resource {
  const listener = cloud.world.get(LISTENER, text(inputs, "listenerArn"));
  if (listener === undefined) throw new CloudError("ListenerNotFound", "One or more listeners not found");
  return listener;
}

/** What is done with requests that meet conditions, before the default actions of their listener. */
export const listenerRule: ResourceDefinition = {
  type: LISTENER_RULE,
  replaceOn: ["listenerArn"],
  limits: {
    priority: between(1, LAST_PRIORITY),
    conditions: (value) => (Array.isArray(value) && value.length > 0 ? undefined : "a rule has at least one condition"),
    "conditions[]": conditionLimit,
    "transforms[]": () => "the sandbox does not rewrite hosts and paths; leave transforms out",
    ...actionLimits("actions"),
  },
  references: [toListener, ...actionReferences("actions")],
  create,
  update: (operation, before) => {
    const listener = listenerOf(operation);
    const others = rulesOf(operation.cloud, listener).filter(({ id }) => id !== before.id);
    return checked(operation, listener, Number(operation.inputs["priority"] ?? before.outputs["priority"]), others);
  },
  run: async (cloud, { inputs }) => {
    const listener = cloud.world.get(LISTENER, text(inputs, "listenerArn"));
    if (listener !== undefined) await balancingOf(cloud).listen(listener);
    return undefined;
  },
  halt: async (cloud, { inputs }) => {
    const listener = cloud.world.get(LISTENER, text(inputs, "listenerArn"));
    if (listener !== undefined && listener.phase !== "deleting") await balancingOf(cloud).listen(listener);
  },
};
