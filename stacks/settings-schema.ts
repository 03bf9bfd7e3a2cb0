import { z } from "zod";
import { contains, overlaps, parseCidr, platformRange, formatCidr } from "../components/network/cidr-plan.ts";
import { REGIONS } from "./regions.ts";
import type { StageName } from "./rungs.ts";
import { amount, choice, list, nearestOf, shown, text, yesOrNo } from "./settings-fields.ts";

/** How long CloudWatch Logs may be told to keep lines, in days (API reference, PutRetentionPolicy); here from a week on. */
const LOG_DAYS = "7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653".split(" ");

/** Ranges of private addresses in which the platform and its seven later regions have room (RFC 1918). */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12"].map(parseCidr).filter((range) => range !== undefined);

const THREE_ZONES = "exactly three different zones of the region, as a list";
const ONE_ACCOUNT = "exactly one account id of 12 digits, as a list";
const NETWORK = "a /16 of 10.0.0.0/8 or 172.16.0.0/12";
const RANGE = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;
const IMAGE = /^[a-z0-9][a-z0-9._/-]*(:\d+\/[a-z0-9._/-]+)?(:\w[\w.-]{0,127}|@sha256:[0-9a-f]{64})$/;

/** Every key of the config, without the namespace `platform:`; what each is for stands in settings-words.ts. */
function fields(stages: readonly StageName[]) {
  return {
    stage: choice(stages),
    alongside: choice(stages).optional(),
    name: text(/^[a-z][a-z0-9]+(-[a-z0-9]+)*$/, "2 to 24 small letters, digits and single hyphens, a letter first", 24).default(
      "platform",
    ),
    "aws:region": nearestOf(REGIONS, "a region of AWS"),
    "aws:allowedAccountIds": list(/^\d{12}$/, ONE_ACCOUNT).refine((ids) => ids.length === 1, {
      error: ({ input }) => `${shown(input)} is given; allowed: ${ONE_ACCOUNT}`,
    }),
    zones: list(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, THREE_ZONES)
      .refine((zones) => zones.length === 3, { error: ({ input }) => `${shown(input)} is given; allowed: ${THREE_ZONES}` })
      .transform((zones) => zones as [string, string, string]),
    cidr: text(/^/, NETWORK)
      .refine(isPlatformNetwork, { error: ({ input }) => `${shown(input)} is given; allowed: ${NETWORK}` })
      .default("10.0.0.0/16"),
    otherCidrs: list(RANGE, "well-formed ranges, as a list")
      .refine((ranges) => ranges.every((range) => parseCidr(range) !== undefined), {
        error: ({ input }) => `${shown(input)} is given; allowed: well-formed ranges, with no address bits behind the prefix`,
      })
      .default([]),
    image: text(IMAGE, "a container image with its tag or digest"),
    amiId: text(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, "the id of an Amazon Linux 2023 machine image"),
    instanceType: text(
      /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/,
      "an EC2 instance type",
    ).default("t4g.small"),
    diskGib: amount(8, 16_384, 1).default(20),
    domain: text(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a full name in small letters", 253).optional(),
    zoneId: text(/^Z[0-9A-Z]{1,31}$/, "the id of a Route 53 hosted zone").optional(),
    serversMin: amount(1, 100, 1).default(2),
    serversMax: amount(1, 1000, 1).default(6),
    workersMin: amount(1, 100, 1).default(2),
    workersMax: amount(1, 1000, 1).default(6),
    requestsPerAddress: amount(10, 100_000_000, 1).default(2000),
    nat: choice(["one", "per-zone"]).default("per-zone"),
    cacheNodeType: text(/^cache\.[a-z][a-z0-9]*\.(micro|small|medium|large|\d*xlarge)$/, "a node type of ElastiCache").default(
      "cache.t4g.small",
    ),
    databaseVersion: text(/^1[67]\.\d{1,2}$/, "a version of Aurora PostgreSQL 16 or 17, with its minor version").default("17.5"),
    databaseMinAcu: amount(0, 256, 0.5).default(0.5),
    databaseMaxAcu: amount(1, 256, 0.5).default(8),
    databaseBackupDays: amount(7, 35, 1).default(14),
    databaseReaders: amount(1, 15, 1).default(2),
    logDays: choice(LOG_DAYS).transform(Number).default(30),
    alarmEmail: text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address", 254),
    monthlyBudgetUsd: amount(1, 1_000_000, 1).default(200),
    protect: yesOrNo().default(true),
  };
}

/** A key of the schema: with a namespace only when that is not `platform`. */
export type SettingKey = keyof ReturnType<typeof fields>;

function isPlatformNetwork(value: string): boolean {
  const network = parseCidr(value);
  return network?.bits === 16 && PRIVATE_RANGES.some((range) => contains(range, network));
}

/** The values that rules over several fields see; those that are at fault themselves are kept from them. */
type Values = z.output<z.ZodObject<ReturnType<typeof fields>>>;

/** A rule over several fields: it is asked only when each of them is right in itself, and its fault is put at the first. */
function rule(
  keys: readonly [keyof Values, ...(keyof Values)[]],
  holds: (values: Values) => boolean,
  fault: (values: Values) => string,
) {
  return {
    holds,
    options: {
      path: [keys[0]],
      error: ({ input }: { input?: unknown }) => fault(input as Values),
      when: ({ issues }: { issues: readonly { path?: readonly PropertyKey[] | undefined }[] }) =>
        !issues.some(({ path }) => keys.includes(path?.[0] as keyof Values)),
    },
  };
}

/** The least may not be above the most. */
function atMost(least: NumberKey, most: NumberKey) {
  return rule(
    [least, most],
    (values) => values[least] <= values[most],
    (values) => `"${values[least]}" is given; allowed: at most platform:${most}, which is ${values[most]}`,
  );
}

type NumberKey = { [Key in keyof Values]-?: Values[Key] extends number ? Key : never }[keyof Values];

const RULES = [
  rule(
    ["zones", "aws:region"],
    (values) => values.zones.every((zone) => zone.slice(0, -1) === values["aws:region"]),
    (values) =>
      `${shown(values.zones)} is given; allowed: zones of the region ${values["aws:region"]}, such as ${values["aws:region"]}a`,
  ),
  rule(
    ["zoneId", "domain"],
    ({ domain, zoneId }) => domain === undefined || zoneId !== undefined,
    ({ domain }) =>
      `nothing is given, but platform:domain is ${shown(domain)}; allowed: the id of the Route 53 zone in which that name lies`,
  ),
  rule(
    ["domain", "zoneId"],
    ({ domain, zoneId }) => zoneId === undefined || domain !== undefined,
    ({ zoneId }) => `nothing is given, but platform:zoneId is ${shown(zoneId)}; allowed: a full name in that zone`,
  ),
  rule(
    ["domain", "stage", "alongside"],
    ({ alongside, domain, stage }) => domain !== undefined || (stage === "monolith" && alongside !== "scaled"),
    () => "nothing is given; allowed at every stage above monolith: a full name, for the load balancer's certificate",
  ),
  atMost("serversMin", "serversMax"),
  atMost("workersMin", "workersMax"),
  atMost("databaseMinAcu", "databaseMaxAcu"),
  rule(["otherCidrs", "cidr"], (values) => collision(values) === undefined, collidingRanges),
];

/** A move goes between neighbours, so only a neighbour can stand beside a stage. */
function neighbours(stages: readonly StageName[]) {
  return rule(
    ["alongside", "stage"],
    ({ alongside, stage }) => alongside === undefined || Math.abs(stages.indexOf(alongside) - stages.indexOf(stage)) === 1,
    ({ alongside, stage }) => {
      const at = stages.indexOf(stage);
      const allowed = [stages[at - 1], stages[at + 1]].filter((each) => each !== undefined);
      return `${shown(alongside)} is given; allowed beside ${stage}: ${allowed.length === 0 ? "nothing" : allowed.join(", ")}`;
    },
  );
}

/** The other network with which the platform, its later regions included, would share addresses. */
function collision({ cidr, otherCidrs }: Values): { readonly other: string; readonly platform: string } | undefined {
  const region = parseCidr(cidr);
  if (region === undefined) return undefined;
  const range = platformRange(region);
  const other = otherCidrs.find((text) => {
    const parsed = parseCidr(text);
    return parsed !== undefined && overlaps(parsed, range);
  });
  return other === undefined ? undefined : { other, platform: formatCidr(range) };
}

function collidingRanges(values: Values): string {
  const { other = "", platform = "" } = collision(values) ?? {};
  return `"${other}" is given; allowed: nothing that overlaps ${platform}, the range of platform:cidr ${values.cidr} and the regions to come (or choose another platform:cidr)`;
}

/** The one description of a stack's config, for the stages that there are. */
export function settingsSchema(stages: readonly StageName[]) {
  const object = z.object(fields(stages));
  return [...RULES, neighbours(stages)].reduce((schema, { holds, options }) => schema.refine(holds, options), object);
}
