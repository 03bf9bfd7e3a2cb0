import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, type Props, text, textAt, texts, valuesAt } from "../../core/values.ts";
import { type Answer, answerName, forgetName, knownNames, type Place } from "../../plane/name-doors.ts";
import { hasAddress, isServed, isServiceName, serviceName } from "./alias-targets.ts";
import { healthOf } from "./health.ts";
import { bare, liesIn } from "./names.ts";
import { RECORD, ZONE } from "./rows.ts";

/** How long an answer for an alias of a load balancer or a distribution may be remembered (Route 53 Developer Guide, "Choosing between alias and non-alias records"). */
const SERVICE_TTL = 60;
/** So many names lead to one another before it is given up: one that leads to itself leads nowhere. */
const LONGEST_CHAIN = 8;

/**
 * Lets the doors of all names follow what the zones say now. Only names that lead to something of the sandbox have a door: a public address, a load balancer, a
 * distribution. Of several records for a name, those with a health check that is not healthy are left out unless all are; weights share the requests
 * out, a primary goes before its secondary, and other routing policies come down to the first record that leads there.
 */
export async function settleNames(cloud: Cloud): Promise<void> {
  const names = cloud.world.all(RECORD).map(({ outputs }) => text(outputs, "fqdn"));
  for (const name of new Set([...names, ...knownNames(cloud)]))
    await answerName(cloud, name, isDoorName(name) ? answerOf(cloud, name) : undefined);
}

/** Forgets the names of a zone that is gone, unless another zone has them. */
export async function forgetNames(cloud: Cloud, zone: Resource): Promise<void> {
  await settleNames(cloud);
  const own = text(zone.outputs, "name");
  const others = cloud.world.all(ZONE).filter(({ id }) => id !== zone.id);
  for (const name of knownNames(cloud)) {
    const isElsewhere = others.some(({ outputs }) => liesIn(name, text(outputs, "name")));
    if (liesIn(name, own) && !isElsewhere) await forgetName(cloud, name);
  }
}

/** A pattern for names is not a name. */
function isDoorName(name: string): boolean {
  return !name.includes("*");
}

/** What the zones answer for a name; undefined where that leads to nothing of the sandbox. */
function answerOf(cloud: Cloud, name: string, depth = 0): Answer | undefined {
  if (depth > LONGEST_CHAIN) return undefined;
  const sets = cloud.world.all(RECORD).flatMap((row) => {
    const isOne = row.phase !== "deleting" && text(row.outputs, "fqdn") === name && isAddress(row.inputs);
    const answer = isOne ? answerOfSet(cloud, row.inputs, depth) : undefined;
    return answer === undefined ? [] : [{ answer, inputs: row.inputs, weight: weightOf(row.inputs) }];
  });
  const well = sets.filter(({ inputs }) => isWell(cloud, inputs));
  const chosen = (well.length === 0 ? sets : well).sort((one, other) => rankOf(one.inputs) - rankOf(other.inputs));
  const weighted = chosen.filter(({ weight }) => weight !== undefined);
  const [first] = chosen;
  if (weighted.length === 0) return first?.answer;
  return {
    places: weighted.flatMap(({ answer, weight = 0 }) => shared(answer.places, weight)),
    ttlSeconds: Math.min(...weighted.map(({ answer }) => answer.ttlSeconds)),
  };
}

function answerOfSet(cloud: Cloud, inputs: Props, depth: number): Answer | undefined {
  const [alias] = valuesAt(inputs, "aliases[]").filter(isProps);
  if (alias !== undefined) return targetOf(cloud, bare(text(alias, "name")), SERVICE_TTL, depth);
  const ttlSeconds = Number(inputs["ttl"]);
  const values = texts(inputs, "records");
  if (text(inputs, "type") === "CNAME") return targetOf(cloud, bare(values[0] ?? ""), ttlSeconds, depth);
  const places = values.filter((address) => hasAddress(cloud, address)).map((address) => ({ address, weight: 1 }));
  return places.length === 0 ? undefined : { places, ttlSeconds };
}

/** What stands behind the name to which another leads. */
function targetOf(cloud: Cloud, target: string, ttlSeconds: number, depth: number): Answer | undefined {
  if (isServiceName(target))
    return isServed(cloud, target) ? { places: [{ address: serviceName(target), weight: 1 }], ttlSeconds } : undefined;
  const answer = answerOf(cloud, target, depth + 1);
  return answer === undefined ? undefined : { ...answer, ttlSeconds: Math.min(ttlSeconds, answer.ttlSeconds) };
}

function isAddress(inputs: Props): boolean {
  return ["A", "CNAME"].includes(text(inputs, "type"));
}

function isWell(cloud: Cloud, inputs: Props): boolean {
  const check = text(inputs, "healthCheckId");
  return check === "" || healthOf(cloud, check).isHealthy;
}

/** A secondary stands in for its primary. */
function rankOf(inputs: Props): number {
  return textAt(inputs, "failoverRoutingPolicies[].type") === "SECONDARY" ? 1 : 0;
}

function weightOf(inputs: Props): number | undefined {
  const [weight] = valuesAt(inputs, "weightedRoutingPolicies[].weight");
  return typeof weight === "number" ? weight : undefined;
}

/** The places with a share between them. */
function shared(places: readonly Place[], share: number): Place[] {
  const total = places.reduce((sum, { weight }) => sum + weight, 0);
  return places.map(({ address, weight }) => ({ address, weight: total === 0 ? 0 : (share * weight) / total }));
}
