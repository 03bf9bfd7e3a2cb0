import assert from "node:assert/strict";
import {
  hostAccess,
  localParameters,
  type ParameterSupport,
  postgresConf,
  unapplied,
} from "../../../sandbox/src/plane/postgres-config.ts";

const here: ParameterSupport = {
  libraries: new Set(["pg_stat_statements", "auto_explain", "basic_archive"]),
  extensions: "/home/postgres/extensions-18.4",
  knows: (name) => ["work_mem", "timezone", "log_statement", "fsync", "port"].includes(name),
};

/** The lines of `postgresql.conf` by parameter, as they stand there. */
function lines(parameters: Record<string, string>, recovery?: { archiveFolder: string; until?: Date }): Map<string, string> {
  const text = postgresConf({
    port: 25_432,
    parameters,
    archiveFolder: "/home/postgres/clusters/one/archive",
    certFile: "server.crt",
    keyFile: "server.key",
    here,
    ...(recovery && { recovery }),
  });
  const pairs = text
    .trimEnd()
    .split("\n")
    .map((line): [string, string] => {
      const at = line.indexOf(" = ");
      return [line.slice(0, at), line.slice(at + 3)];
    });
  assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, "no parameter stands twice");
  return new Map(pairs);
}

describe("postgresConf", () => {
  it("listens on loopback alone, over TLS, and reaches the disk", () => {
    const conf = lines({});
    for (const [name, value] of [
      ["listen_addresses", "'127.0.0.1'"],
      ["port", "'25432'"],
      ["unix_socket_directories", "''"],
      ["ssl", "'on'"],
      ["ssl_min_protocol_version", "'TLSv1.2'"],
      ["password_encryption", "'scram-sha-256'"],
      ["fsync", "'on'"],
      ["full_page_writes", "'on'"],
      ["archive_mode", "'on'"],
      ["archive_library", "'basic_archive'"],
      ["wal_level", "'replica'"],
    ] as const)
      assert.equal(conf.get(name), value, name);
  });

  it("copies the parameters of the groups, with what quotes, backslashes and line breaks would do undone", () => {
    const conf = lines({ work_mem: "4096", "app.motto": "it's \\ 100 %\nfsync = off" });
    assert.equal(conf.get("work_mem"), "'4096'");
    assert.equal(conf.get("app.motto"), "'it''s \\\\ 100 %\\nfsync = off'");
  });

  it("lets no group take what is the sandbox's own", () => {
    const conf = lines({ fsync: "off", port: "1", wal_level: "minimal", listen_addresses: "*", archive_mode: "off" });
    assert.deepEqual(
      ["fsync", "port", "wal_level", "listen_addresses", "archive_mode"].map((name) => conf.get(name)),
      ["'on'", "'25432'", "'replica'", "'127.0.0.1'", "'on'"],
    );
  });

  it("leaves out what only Amazon's builds have, formulas over the machine, and what this version does not know", () => {
    const parameters = {
      "rds.force_ssl": "1",
      apg_plan_mgmt: "1",
      aurora_enable_zdr: "1",
      work_mem: "{DBInstanceClassMemory/1024}",
      old_snapshot_threshold: "5",
      log_statement: "ddl",
    };
    assert.deepEqual(localParameters(parameters, here), { log_statement: "ddl" });
    assert.deepEqual(unapplied(parameters, here), ["apg_plan_mgmt", "aurora_enable_zdr", "work_mem", "old_snapshot_threshold"]);
  });

  it("loads pg_stat_statements unless the list says otherwise, and of a list what is there", () => {
    assert.equal(lines({}).get("shared_preload_libraries"), "'pg_stat_statements'");
    assert.equal(lines({ shared_preload_libraries: "" }).get("shared_preload_libraries"), "''");
    const asked = { shared_preload_libraries: "auto_explain, pg_cron", session_preload_libraries: "pg_hint_plan" };
    assert.equal(lines(asked).get("shared_preload_libraries"), "'auto_explain'");
    assert.equal(lines(asked).get("session_preload_libraries"), "''");
    assert.deepEqual(unapplied(asked, here), ["the library pg_cron", "the library pg_hint_plan"]);
  });

  it("writes logical changes to the log where rds.logical_replication is on", () => {
    assert.equal(lines({ "rds.logical_replication": "1" }).get("wal_level"), "'logical'");
    assert.deepEqual(unapplied({ "rds.logical_replication": "1", timezone: "Europe/Berlin" }, here), []);
  });

  it("speaks UTC unless a group names another time zone; the log stays in UTC", () => {
    assert.equal(lines({}).get("timezone"), "'UTC'");
    const conf = lines({ timezone: "Europe/Berlin" });
    assert.deepEqual([conf.get("timezone"), conf.get("log_timezone")], ["'Europe/Berlin'", "'UTC'"]);
  });

  it("brings a copy to its moment from another server's archive, whose path may hold anything", () => {
    const conf = lines({}, { archiveFolder: "/it's/100%", until: new Date("2026-03-01T12:00:00.123Z") });
    assert.equal(conf.get("recovery_target_time"), "'2026-03-01 12:00:00.123+00'");
    assert.equal(conf.get("recovery_target_action"), "'promote'");
    // Read back: cp '/it'\''s/100%%'/%f "%p"
    assert.equal(conf.get("restore_command"), `'cp ''/it''\\\\''''s/100%%''/%f "%p"'`);
    assert.equal(lines({}, { archiveFolder: "/a" }).get("recovery_target_time"), undefined);
  });
});

describe("hostAccess", () => {
  it("wants TLS and a password of everybody, from this machine alone", () => {
    assert.equal(
      hostAccess({}),
      "hostssl all         rdsadmin 127.0.0.1/32 scram-sha-256\n" +
        "hostssl replication rdsadmin 127.0.0.1/32 scram-sha-256\n" +
        "hostssl all all 127.0.0.1/32 scram-sha-256\n",
    );
  });

  it("lets others in without TLS where rds.force_ssl is 0, and the daemon's own role never", () => {
    const [admin, replication, others] = hostAccess({ "rds.force_ssl": "0" }).split("\n");
    assert.match(admin ?? "", /^hostssl .* rdsadmin /);
    assert.match(replication ?? "", /^hostssl .* rdsadmin /);
    assert.equal(others, "host all all 127.0.0.1/32 scram-sha-256");
  });
});
