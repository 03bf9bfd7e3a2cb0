import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import { between, given, type Limit, oneOf } from "../limits.ts";
import { isServed, isServiceName, serviceZone } from "./alias-targets.ts";
import { settleNames } from "./answers.ts";
import { bare, fullName, liesIn } from "./names.ts";
import { valueFault } from "./record-values.ts";
import { HEALTH_CHECK, recordsOf, RECORD, ZONE } from "./rows.ts";

/** Route 53 API Reference, ResourceRecordSet. */
const TYPES = [
  "A",
  "AAAA",
  "CAA",
  "CNAME",
  "DS",
  "HTTPS",
  "MX",
  "NAPTR",
  "NS",
  "PTR",
  "SOA",
  "SPF",
  "SRV",
  "SSHFP",
  "SVCB",
  "TLSA",
  "TXT",
];
const ROUTINGS = [
  "cidrRoutingPolicy",
  "failoverRoutingPolicies",
  "geolocationRoutingPolicies",
  "geoproximityRoutingPolicy",
  "latencyRoutingPolicies",
  "multivalueAnswerRoutingPolicy",
  "weightedRoutingPolicies",
];
/** One record set, as Route 53 tells it from all others. */
interface Place {
  readonly name: string;
  readonly type: string;
  readonly set: string;
  /** The routing policy, by the name of its input; "" for simple routing. */
  readonly routing: string;
}

function invalidBatch(reason: string): CloudError {
  return new CloudError("InvalidChangeBatch", `[${reason}]`);
}

function placeOf(inputs: Props, zone: string): Place {
  const [routing = ""] = given(inputs, ROUTINGS);
  return { name: fullName(text(inputs, "name"), zone), type: text(inputs, "type"), set: text(inputs, "setIdentifier"), routing };
}

/** The provider's own rules on which inputs go together. */
function togetherFault(inputs: Props): string | undefined {
  const kinds = given(inputs, ["aliases", "records"]);
  if (kinds.length !== 1) return `exactly one of aliases, records must be given (given: ${kinds.join(" and ") || "none"})`;
  if (kinds[0] === "records" && inputs["ttl"] === undefined) return "records need a ttl";
  if (kinds[0] === "aliases" && inputs["ttl"] !== undefined) return "an alias has the ttl of its target; leave ttl out";
  const routings = given(inputs, ROUTINGS);
  if (routings.length > 1) return `only one routing policy may be given (given: ${routings.join(", ")})`;
  if (routings.length === 1 && text(inputs, "setIdentifier") === "") return `${routings.join("")} needs a setIdentifier`;
  return undefined;
}

/** What is wrong with the values, each by itself and together. */
const values: Limit = (given, inputs) => {
  const type = text(inputs, "type");
  const all = Array.isArray(given) ? given.filter((value) => typeof value === "string") : [];
  const faults = all.map((value) => valueFault(type, value)).filter((fault) => fault !== undefined);
  if (faults.length > 0) return faults.join(", ");
  const repeated = all.find((value, index) => all.indexOf(value) !== index);
  if (repeated !== undefined) return `Duplicate Resource Record: '${repeated}'`;
  return type === "CNAME" && all.length > 1 ? `a CNAME record has exactly one value (given: ${all.length})` : undefined;
};

function refuseName(place: Place, zone: string): void {
  if (!liesIn(place.name, zone)) throw invalidBatch(`RRSet with DNS name ${place.name}. is not permitted in zone ${zone}.`);
  if (place.type === "CNAME" && place.name === zone) {
    throw invalidBatch(`RRSet of type CNAME with DNS name ${place.name}. is not permitted at apex in zone ${zone}.`);
  }
}

/** Refuses what cannot stand beside the records that the zone has already. */
function refuseNeighbours(place: Place, zone: string, others: readonly Place[], overwrite: boolean): void {
  const same = others.filter((other) => other.name === place.name);
  const born = place.name === zone && ["NS", "SOA"].includes(place.type);
  const twin = same.some((other) => other.type === place.type && other.set === place.set);
  if ((twin || born) && !overwrite) {
    const set = place.set === "" ? "" : `, set-identifier='${place.set}'`;
    throw invalidBatch(
      `Tried to create resource record set [name='${place.name}.', type='${place.type}'${set}] but it already exists`,
    );
  }
  if (same.some((other) => other.type === place.type && (other.set === "") !== (place.set === ""))) {
    throw invalidBatch(
      `RRSet with DNS name ${place.name}., type ${place.type} cannot be created as other RRSets exist with the same name and type.`,
    );
  }
  if (same.some((other) => other.type === place.type && other.set !== place.set && other.routing !== place.routing)) {
    throw invalidBatch(
      `RRSet with DNS name ${place.name}., type ${place.type}, SetIdentifier ${place.set} cannot be created as other RRSets exist with the same name and type but another routing policy.`,
    );
  }
  if (place.type !== "CNAME" && same.some((other) => other.type === "CNAME")) {
    throw invalidBatch(
      `RRSet of type ${place.type} with DNS name ${place.name}. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone}.`,
    );
  }
  if (place.type === "CNAME" && same.some((other) => other.type !== "CNAME")) {
    throw invalidBatch(
      `RRSet of type CNAME with DNS name ${place.name}. is not permitted as it conflicts with other records with the same DNS name in zone ${zone}.`,
    );
  }
}

/** Refuses an alias to what is not there, or to a name outside the zone that it says the target is in. */
function refuseAlias(cloud: Cloud, inputs: Props, place: Place): void {
  for (const alias of valuesAt(inputs, "aliases[]").filter(isProps)) {
    const [target, zoneId] = [bare(text(alias, "name")), text(alias, "zoneId")];
    const tried = `Tried to create an alias that targets ${target}., type ${place.type} in zone ${zoneId}, but`;
    const home = cloud.world.get(ZONE, zoneId);
    const zone = home === undefined ? undefined : text(home.outputs, "name");
    const fits = zone === undefined ? isServiceName(target) && serviceZone(target) === zoneId : liesIn(target, zone);
    if (!fits) throw invalidBatch(`${tried} the alias target name does not lie within the target zone`);
    const isThere =
      zone === undefined
        ? isServed(cloud, target)
        : recordsOf(cloud, zoneId)
            .map((row) => placeOf(row.inputs, zone))
            .some(({ name, type }) => name === target && type === place.type);
    if (!isThere) throw invalidBatch(`${tried} that target was not found`);
  }
}

function check(operation: Operation, own: Resource | undefined): Place {
  const { cloud, inputs } = operation;
  const zoneId = text(inputs, "zoneId");
  const zone = text(cloud.world.get(ZONE, zoneId)?.outputs ?? {}, "name");
  const place = placeOf(inputs, zone);
  refuseName(place, zone);
  const others = recordsOf(cloud, zoneId).filter((row) => row.id !== own?.id);
  // What a cut-off or a neighbouring program made under this name is taken over, if the program says so.
  const overwrite = inputs["allowOverwrite"] === true;
  refuseNeighbours(
    place,
    zone,
    others.map((row) => placeOf(row.inputs, zone)),
    overwrite,
  );
  refuseAlias(cloud, inputs, place);
  return place;
}

function isAt({ inputs, outputs }: Resource, { name, type, set }: Place): boolean {
  return text(outputs, "fqdn") === name && text(inputs, "type") === type && text(inputs, "setIdentifier") === set;
}

/** A record set: what one name of a zone answers for one type. */
export const record: ResourceDefinition = {
  type: RECORD,
  replaceOn: ["name", "zoneId"],
  // AllowOverwrite off is the provider's default, so two programs that claim one name collide instead of taking turns.
  defaults: { allowOverwrite: false },
  limits: {
    type: (value, inputs) => oneOf(...TYPES)(value, inputs) ?? togetherFault(inputs),
    records: values,
    ttl: between(0, 2_147_483_647),
    "weightedRoutingPolicies[].weight": between(0, 255),
    "failoverRoutingPolicies[].type": oneOf("PRIMARY", "SECONDARY"),
  },
  references: [
    {
      path: "zoneId",
      to: ZONE,
      missing: (id) => new CloudError("NoSuchHostedZone", `No hosted zone found with ID: ${id}`, 404),
    },
    {
      path: "healthCheckId",
      to: HEALTH_CHECK,
      missing: (id) => new CloudError("InvalidInput", `The health check ${id} does not exist`),
    },
  ],
  create: (operation) => {
    const { world } = operation.cloud;
    const place = check(operation, undefined);
    const zoneId = text(operation.inputs, "zoneId");
    // Only an overwriting record comes so far while its twin stands.
    const twin = recordsOf(operation.cloud, zoneId).find((row) => isAt(row, place));
    if (twin !== undefined) world.drop(twin);
    const id = [zoneId, place.name, place.type, ...(place.set === "" ? [] : [place.set])].join("_");
    // A record that was changed into one of another type keeps its id here.
    const taken = world.get(RECORD, id, operation.region) !== undefined;
    return { id: taken ? `${id}_${derived(8, operation.urn)}` : id, outputs: { fqdn: place.name } };
  },
  update: (operation, before) => ({ fqdn: check(operation, before).name }),
  run: async (cloud) => {
    await settleNames(cloud);
    return undefined;
  },
  halt: settleNames,
};
