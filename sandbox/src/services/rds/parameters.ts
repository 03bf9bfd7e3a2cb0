import { closest } from "fastest-levenshtein";
import type { Cloud } from "../../core/cloud.ts";
import type { CloudError, Resource } from "../../core/definition.ts";
import { type Props, text, type Value } from "../../core/values.ts";
import type { ParameterFact } from "../../plane/postgres-parameters.ts";
import type { PostgresServers } from "../../plane/postgres.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import { CLUSTER_PARAMETER_GROUP, PARAMETER_GROUP } from "./types.ts";

/** Parameters that only RDS has (Aurora User Guide, "Aurora PostgreSQL parameters"). */
const RDS_ONLY = [
  "rds.accepted_password_auth_method",
  "rds.adaptive_autovacuum",
  "rds.allowed_extensions",
  "rds.babelfish_status",
  "rds.cert_renewal",
  "rds.enable_plan_management",
  "rds.extensions",
  "rds.force_admin_logging_level",
  "rds.force_autovacuum_logging_level",
  "rds.force_ssl",
  "rds.global_db_rpo",
  "rds.log_retention_period",
  "rds.logical_replication",
  "rds.logical_slot_sync_dbname",
  "rds.logically_replicate_unlogged_tables",
  "rds.pg_stat_ramdisk_size",
  "rds.rds_superuser_reserved_connections",
  "rds.restrict_password_commands",
  "rds.superuser_variables",
];

/** Parameters that are Amazon's to set. */
const FIXED = new Set([
  "archive_command",
  "archive_library",
  "archive_mode",
  "config_file",
  "data_directory",
  "fsync",
  "full_page_writes",
  "hba_file",
  "ident_file",
  "listen_addresses",
  "log_directory",
  "log_line_prefix",
  "logging_collector",
  "port",
  "primary_conninfo",
  "rds.extensions",
  "restore_command",
  "ssl",
  "ssl_ca_file",
  "ssl_cert_file",
  "ssl_key_file",
  "synchronous_standby_names",
  "unix_socket_directories",
  "wal_level",
]);

/** Where RDS allows less than PostgreSQL does: with less the server would not start, or could not be backed up (RDS User Guide, "RDS for PostgreSQL parameters"). */
const NARROWER: Readonly<Record<string, readonly [least: number, most: number]>> = {
  max_connections: [6, 262_143],
  max_wal_senders: [5, 100],
};

/** Parameters of RDS' own that wait for a restart (Aurora User Guide, "Aurora PostgreSQL parameters"). */
const STATIC = ["rds.enable_plan_management", "rds.logical_replication"];

/** Parameters of older families that the server here has no longer (PostgreSQL release notes 14 to 18). */
const GONE = new Set([
  "db_user_namespace",
  "old_snapshot_threshold",
  "operator_precedence_warning",
  "promote_trigger_file",
  "stats_temp_directory",
  "trace_recovery_messages",
  "vacuum_cleanup_index_scale_factor",
  "vacuum_defer_cleanup_age",
]);

interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: string;
}

/** Refuses what a parameter group cannot hold, as ModifyDBParameterGroup does: unknown and fixed names, values out of range, a static parameter to be applied at once. */
export function requireParameters(servers: PostgresServers, inputs: Props): void {
  const parameters = listed(inputs["parameters"]);
  const facts = servers.parameterFacts();
  for (const { name, applyMethod } of parameters) {
    requireKnown(name, facts);
    if (FIXED.has(name)) throw invalidValue(`The parameter ${name} cannot be modified.`);
    if (isStatic(name, facts) && applyMethod === "immediate")
      throw invalidCombination("cannot use immediate apply method for static parameter");
  }
  for (const { name, value } of parameters) {
    const [least, most] = NARROWER[name] ?? [-Infinity, Infinity];
    if (Number(value) < least || Number(value) > most) throw refusedValue(name, value, `${String(least)}-${String(most)}`);
  }
  const fault = servers.faultOf(valuesOf(parameters));
  if (fault === undefined) return;
  const given = parameters.find(({ name }) => name === fault.name)?.value ?? "";
  throw refusedValue(fault.name, given, fault.allowed ?? (facts.get(fault.name)?.kind === "boolean" ? "0,1" : undefined));
}

function isStatic(name: string, facts: ReadonlyMap<string, ParameterFact>): boolean {
  return facts.get(name)?.needsRestart ?? STATIC.includes(name);
}

function refusedValue(name: string, value: string, allowed: string | undefined): CloudError {
  return invalidValue(
    `Invalid parameter value: ${value} for: ${name}${allowed === undefined ? "" : ` allowed values are: ${allowed}`}`,
  );
}

function requireKnown(name: string, facts: ReadonlyMap<string, ParameterFact>): void {
  if (facts.has(name) || GONE.has(name) || RDS_ONLY.includes(name)) return;
  // Extensions bring parameters of their own, and Amazon's builds those of their features.
  if (/^(?!rds\.)[a-z_]+\.[a-z_]+$/.test(name) || /^(apg|aurora)_/.test(name)) return;
  const nearest = closest(name, [...facts.keys(), ...RDS_ONLY]);
  throw invalidValue(`Could not find parameter with name: ${name} (the nearest that exists is ${nearest})`);
}

/** The parameters of a cluster's server: those of the cluster's group, and over them those of the writer's own. */
export function parametersOf(cloud: Cloud, cluster: Resource, writer: Resource | undefined): Record<string, string> {
  const ofCluster = cloud.world.get(
    CLUSTER_PARAMETER_GROUP,
    text(cluster.outputs, "dbClusterParameterGroupName"),
    cluster.region,
  );
  const ofWriter = cloud.world.get(PARAMETER_GROUP, text(writer?.outputs ?? {}, "dbParameterGroupName"), cluster.region);
  return { ...valuesOf(listed(ofCluster?.inputs["parameters"])), ...valuesOf(listed(ofWriter?.inputs["parameters"])) };
}

function listed(value: Value | undefined): Parameter[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((item): item is Props => item !== null && typeof item === "object" && !Array.isArray(item))
    .map((item) => ({
      name: text(item, "name").toLowerCase(),
      value: text(item, "value"),
      applyMethod: text(item, "applyMethod") || "immediate",
    }));
}

function valuesOf(parameters: readonly Parameter[]): Record<string, string> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}
