import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { type Props, text, texts, valuesAt } from "../../core/values.ts";
import { between, given, oneOf } from "../limits.ts";
import { bare, fullName, liesIn } from "./names.ts";
import { valueFault } from "./record-values.ts";
import { recordsOf, RECORD, ZONE } from "./zone.ts";

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
/** The zone of every CloudFront distribution (Route 53 API Reference, AliasTarget). */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";
/** Ends of the names that AWS gives to what an alias may lead to. */
const SERVICE_NAMES = /\.(amazonaws\.com|cloudfront\.net|elasticbeanstalk\.com|awsglobalaccelerator\.com|on\.aws)$/;

/** One record set, as Route 53 tells it from all others. */
interface Place {
  readonly name: string;
  readonly type: string;
  readonly set: string;
}

function invalidBatch(reason: string): CloudError {
  return new CloudError("InvalidChangeBatch", `[${reason}]`);
}

function placeOf(inputs: Props, zone: string): Place {
  return { name: fullName(text(inputs, "name"), zone), type: text(inputs, "type"), set: text(inputs, "setIdentifier") };
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

/** Refuses an alias to a record that is not there, or to a name outside the zone that it says the target is in. */
function refuseAlias(cloud: Cloud, inputs: Props, place: Place): void {
  for (const alias of valuesAt(inputs, "aliases[]") as Props[]) {
    const [target, zoneId] = [bare(text(alias, "name")), text(alias, "zoneId")];
    const tried = `Tried to create an alias that targets ${target}., type ${place.type} in zone ${zoneId}, but`;
    const home = cloud.world.get(ZONE, zoneId);
    const zone = home === undefined ? undefined : text(home.outputs, "name");
    const fits = zone === undefined ? SERVICE_NAMES.test(target) : liesIn(target, zone);
    if (!fits || target.endsWith(".cloudfront.net") !== (zoneId === CLOUDFRONT_ZONE)) {
      throw invalidBatch(`${tried} the alias target name does not lie within the target zone`);
    }
    if (zone === undefined) continue;
    const targets = recordsOf(cloud, zoneId).map((row) => placeOf(row.inputs, zone));
    if (!targets.some(({ name, type }) => name === target && type === place.type))
      throw invalidBatch(`${tried} that target was not found`);
  }
}

function check(operation: Operation, own: Resource | undefined): Place {
  const { cloud, inputs } = operation;
  const zoneId = text(inputs, "zoneId");
  const zone = text(cloud.world.get(ZONE, zoneId)?.outputs ?? {}, "name");
  const place = placeOf(inputs, zone);
  refuseName(place, zone);
  const values = texts(inputs, "records");
  const faults = values.map((value) => valueFault(place.type, value)).filter((fault) => fault !== undefined);
  if (faults.length > 0) throw invalidBatch(faults.join(", "));
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw invalidBatch(`Duplicate Resource Record: '${repeated}'`);
  if (place.type === "CNAME" && values.length > 1)
    throw invalidBatch(`RRSet of type CNAME with DNS name ${place.name}. must have exactly one value`);
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

/** A record set: what one name of a zone answers for one type. */
export const record: ResourceDefinition = {
  type: RECORD,
  replaceOn: ["name", "zoneId"],
  // AllowOverwrite off is the provider's default, so two programs that claim one name collide instead of taking turns.
  defaults: { allowOverwrite: false },
  limits: {
    type: (value, inputs) => oneOf(...TYPES)(value, inputs) ?? togetherFault(inputs),
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
      to: "aws:route53/healthCheck:HealthCheck",
      missing: (id) => new CloudError("InvalidInput", `The health check ${id} does not exist`),
    },
  ],
  create: (operation) => {
    const { name, set, type } = check(operation, undefined);
    const id = [text(operation.inputs, "zoneId"), name, type, ...(set === "" ? [] : [set])].join("_");
    // Only an overwriting record comes so far while its twin stands.
    const twin = operation.cloud.world.get(RECORD, id, operation.region);
    if (twin !== undefined) operation.cloud.world.drop(twin);
    return { id, outputs: { fqdn: name } };
  },
  update: (operation, before) => ({ fqdn: check(operation, before).name }),
};
