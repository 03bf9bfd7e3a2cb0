/** What the server's own files must say. */
export interface ServerSettings {
  readonly port: number;
  /** Parameters of the parameter groups, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Finished log segments go here. */
  readonly archiveFolder: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly here: ParameterSupport;
  /** Set while a copy is being brought to a moment. */
  readonly recovery?: { readonly archiveFolder: string; readonly until?: Date };
  /** Set for a server that follows another one. */
  readonly standby?: StandbySettings;
}

/** How a server follows its cluster's writer. */
export interface StandbySettings {
  /** A libpq connection string; absent while there is no writer to follow. */
  readonly primary?: string;
  /** Where the log of a writer that has died is found while somebody takes its place. */
  readonly takeoverFolder: string;
}

/** What the installed server can do with a parameter group's parameters. */
export interface ParameterSupport {
  /** Extension libraries that it has, without suffix. */
  readonly libraries: ReadonlySet<string>;
  /** A folder with the control files of the extensions that may be created. */
  readonly extensions: string;
  /** Whether it has a parameter of this name, in lower case. */
  readonly knows: (name: string) => boolean;
}

/** The role by which the daemon itself administers the server, as RDS does by a role of the same name. */
export const ADMIN = "rdsadmin";

/**
 * Parameters that the sandbox sets itself or that speak of a machine it does not have. Where the server listens, how it archives and whether it reaches the
 * disk (`fsync`) is not up to a parameter group on RDS either; memory sizes are formulas over the instance class.
 */
const OURS = new Set([
  "port",
  "listen_addresses",
  "unix_socket_directories",
  "data_directory",
  "config_file",
  "hba_file",
  "ident_file",
  "fsync",
  "full_page_writes",
  "wal_level",
  "archive_mode",
  "archive_command",
  "archive_library",
  "archive_timeout",
  "restore_command",
  "recovery_target_timeline",
  "primary_conninfo",
  "primary_slot_name",
  "hot_standby",
  "ssl",
  "ssl_cert_file",
  "ssl_key_file",
  "ssl_ca_file",
  "shared_buffers",
  "effective_cache_size",
  "huge_pages",
  "logging_collector",
  "log_destination",
  "log_directory",
  "log_filename",
  "log_line_prefix",
  "log_timezone",
  "shared_preload_libraries",
  "session_preload_libraries",
  "local_preload_libraries",
  "extension_control_path",
  "dynamic_library_path",
]);

/** The text of `postgresql.conf`. */
export function postgresConf(settings: ServerSettings): string {
  const { parameters, here } = settings;
  const lines: Record<string, string> = {
    ssl_min_protocol_version: "TLSv1.2",
    password_encryption: "scram-sha-256",
    // A sender for each of fifteen readers, and some for backups.
    max_wal_senders: "20",
    // Aurora's readers share the writer's storage: what they read is not cleaned away under them.
    hot_standby_feedback: "on",
    max_standby_streaming_delay: "14s",
    ...localParameters(parameters, here),
    listen_addresses: "127.0.0.1",
    port: String(settings.port),
    unix_socket_directories: "",
    shared_buffers: "32MB",
    fsync: "on",
    full_page_writes: "on",
    wal_level: parameters["rds.logical_replication"] === "1" ? "logical" : "replica",
    // A restored copy must not be read before it has arrived at its moment.
    hot_standby: settings.recovery === undefined ? "on" : "off",
    archive_mode: "on",
    archive_library: "basic_archive",
    "basic_archive.archive_directory": settings.archiveFolder,
    // One call for the whole file system instead of one for each of a thousand files, before a copy or a killed server recovers.
    ...(process.platform === "linux" ? { recovery_init_sync_method: "syncfs" } : {}),
    // A segment is archived when it is full or a restore needs it: an idle server must not fill the disk by the clock.
    archive_timeout: "0",
    ssl: "on",
    ssl_cert_file: settings.certFile,
    ssl_key_file: settings.keyFile,
    log_line_prefix: "%t:%r:%u@%d:[%p]:",
    timezone: parameters["timezone"] ?? "UTC",
    log_timezone: "UTC",
    ...Object.fromEntries(
      PRELOADED.map((name) => [
        name,
        libraries(parameters, name)
          .filter((each) => here.libraries.has(each))
          .join(","),
      ]),
    ),
    extension_control_path: `${here.extensions}:$system`,
    ...recoveryLines(settings.recovery),
    ...standbyLines(settings),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name} = ${quoted(value)}\n`)
    .join("");
}

/** Parameters of the groups that stay without effect on this machine, and why, such as `shared_buffers` or the library `pg_cron`. */
export function unapplied(parameters: Readonly<Record<string, string>>, here: ParameterSupport): string[] {
  const applied = new Set([...Object.keys(localParameters(parameters, here)), ...MEANT]);
  const names = Object.keys(parameters).filter((name) => !applied.has(name));
  const missing = PRELOADED.flatMap((name) => libraries(parameters, name)).filter((name) => !here.libraries.has(name));
  return [...names, ...missing.map((name) => `the library ${name}`)];
}

/** Lists of libraries. One that is missing here would keep the server, or every session, from starting. */
const PRELOADED = ["shared_preload_libraries", "session_preload_libraries"];

/** Parameters with an effect of their own, though not as a line that is copied. */
const MEANT = ["rds.force_ssl", "rds.logical_replication", "timezone", ...PRELOADED];

/** The libraries of such a list. On RDS `pg_stat_statements` is loaded unless the list says otherwise. */
function libraries(parameters: Readonly<Record<string, string>>, list: string): string[] {
  const asked = parameters[list] ?? (list === "shared_preload_libraries" ? "pg_stat_statements" : "");
  return asked
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Of a parameter group's parameters, those that have a meaning on this machine. */
export function localParameters(parameters: Readonly<Record<string, string>>, here: ParameterSupport): Record<string, string> {
  const local = Object.entries(parameters).filter(
    ([name, value]) => !OURS.has(name) && !isOfAws(name) && !/[{(]/.test(value) && (name.includes(".") || here.knows(name)),
  );
  return Object.fromEntries(local);
}

/** Parameters that only Amazon's builds have. */
export function isOfAws(name: string): boolean {
  return /^(rds|aurora|apg)[._]/.test(name);
}

function recoveryLines(recovery: ServerSettings["recovery"]): Record<string, string> {
  if (recovery === undefined) return {};
  return {
    restore_command: `cp ${shellWord(recovery.archiveFolder)}/%f "%p"`,
    recovery_target_action: "promote",
    recovery_target_timeline: "latest",
    ...(recovery.until === undefined ? {} : { recovery_target_time: moment(recovery.until) }),
  };
}

/**
 * No replication slot: a slot keeps the writer's log for a reader that is gone, until the disk is full. A reader that was away reads the segments that it missed
 * from the archive, which is kept for restores anyway.
 */
function standbyLines({ standby, archiveFolder }: ServerSettings): Record<string, string> {
  if (standby === undefined) return {};
  const copy = (folder: string): string => `cp ${shellWord(folder)}/%f "%p" 2>/dev/null`;
  return {
    restore_command: `${copy(archiveFolder)} || ${copy(standby.takeoverFolder)}`,
    recovery_target_timeline: "latest",
    wal_retrieve_retry_interval: "500ms",
    ...(standby.primary === undefined ? {} : { primary_conninfo: standby.primary }),
  };
}

/** A path in a command of the server's, in which % has a meaning. */
function shellWord(path: string): string {
  return `'${path.replaceAll("'", `'\\''`).replaceAll("%", "%%")}'`;
}

/** The text of `pg_hba.conf`: over TLS only, unless `rds.force_ssl` is 0, which since PostgreSQL 15 is not RDS' default. */
export function hostAccess(parameters: Readonly<Record<string, string>>): string {
  const everybody = parameters["rds.force_ssl"] === "0" ? "host" : "hostssl";
  return [
    `hostssl all         ${ADMIN} 127.0.0.1/32 scram-sha-256`,
    `hostssl replication ${ADMIN} 127.0.0.1/32 scram-sha-256`,
    `${everybody} all all 127.0.0.1/32 scram-sha-256`,
    "",
  ].join("\n");
}

/** As PostgreSQL reads it in a configuration file, where the names of time zones (`Z` is one) are not known yet. */
function moment(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "+00");
}

function quoted(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`;
}
