import assert from "node:assert/strict";
import type { Postgres } from "../../../../../apps/shop/dev/postgres.ts";
import { Database } from "../../../../../apps/shop/src/platform/database/database.ts";
import { fromReplica, onBehalfOf, type Reading } from "../../../../../apps/shop/src/platform/database/routing.ts";
import { recordedLog, type RecordedLog } from "../../support/logs.ts";
import { ownPostgres, query } from "../../support/postgres.ts";
import { caughtUp, Endpoint, replicaOf } from "../../support/replica.ts";
import { until } from "../../support/until.ts";

describe("a database with a replica", function () {
  this.timeout(60_000);
  let primary: Postgres;
  let replica: Postgres;
  const databases: Database[] = [];
  before(async () => {
    primary = await ownPostgres();
    await query(primary.url("postgres"), "CREATE TABLE notes (id serial PRIMARY KEY, text text NOT NULL)");
    replica = await replicaOf(primary);
    await caughtUp(primary, replica);
  });
  after(() => Promise.all([primary.stop("kill"), replica.stop("kill")]));
  afterEach(() => Promise.all(databases.splice(0).map((database) => database.close())));

  const open = async (options: { mostLagMs?: number; log?: RecordedLog } = {}): Promise<Database> => {
    const connection = (connectionString: string) => () => Promise.resolve({ connectionString });
    const database = new Database(connection(primary.url("postgres")), {
      log: (options.log ?? recordedLog()).log,
      size: 4,
      reader: connection(replica.url("postgres")),
      mostLagMs: options.mostLagMs ?? 60_000,
    });
    databases.push(database);
    database.watchReplicas();
    await until(() => database.replicaState()?.isNear === true);
    return database;
  };
  const PORT = { text: "SELECT inet_server_port() AS port" };
  const portOf = async (database: Database): Promise<string> => {
    const { rows } = await database.query<{ port: number }>(PORT);
    return rows[0]?.port === replica.port ? "replica" : "writer";
  };
  const note = (database: Database, text: string): Promise<unknown> =>
    database.query({ text: "INSERT INTO notes (text) VALUES ($1)", values: [text] });
  const count = async (database: Database, text: string): Promise<number> =>
    (await database.query({ text: "SELECT FROM notes WHERE text = $1", values: [text] })).rowCount ?? 0;
  const onReplica = (text: string): Promise<unknown> => query(replica.url("postgres"), text);

  it("reads there what may be a moment old, and nothing else", async () => {
    const database = await open();
    assert.equal(await portOf(database), "writer");
    assert.equal(await fromReplica(() => portOf(database)), "replica");
    await fromReplica(async () => {
      await note(database, "written to the writer");
      await database.transaction(async (transaction) => {
        assert.notDeepEqual((await transaction.query<{ port: number }>(PORT)).rows[0]?.port, replica.port);
      });
      await database.query({ text: "SELECT FROM notes FOR UPDATE" });
    });
    assert.equal(database.replicaState()?.answered, 1);
  });

  it("reads from the writer until somebody has looked", async () => {
    const connection = (connectionString: string) => () => Promise.resolve({ connectionString });
    const reader = connection(replica.url("postgres"));
    const database = new Database(connection(primary.url("postgres")), { log: recordedLog().log, size: 1, reader });
    databases.push(database);
    assert.equal(await fromReplica(() => portOf(database)), "writer");
  });

  describe("whose replica has not come so far", () => {
    before(() => onReplica("SELECT pg_wal_replay_pause()"));
    after(() => onReplica("SELECT pg_wal_replay_resume()"));

    it("shows people what they have just written, and others what there was before", async () => {
      const database = await open();
      const writing: Reading = { after: undefined, wrote: false };
      await onBehalfOf(writing, () =>
        fromReplica(async () => {
          await note(database, "mine");
          // In the same request, before there is a position.
          assert.equal(await count(database, "mine"), 1);
        }),
      );
      assert.equal(writing.wrote, true);
      const after = await database.position();
      assert.match(after, /^[0-9A-F]+\/[0-9A-F]+$/);
      const mine = (): Promise<number> => onBehalfOf({ after, wrote: false }, () => fromReplica(() => count(database, "mine")));
      assert.equal(await mine(), 1);
      assert.equal(await fromReplica(() => count(database, "mine")), 0);
      assert.equal(database.replicaState()?.answered, 1);
      await onReplica("SELECT pg_wal_replay_resume()");
      await until(async () => (await mine(), database.replicaState()?.answered === 2));
      assert.equal(await mine(), 1);
    });

    it("leaves it out while it is too far behind, and reads from it again when it has caught up", async () => {
      const log = recordedLog();
      const database = await open({ mostLagMs: 100, log });
      await onReplica("SELECT pg_wal_replay_pause()");
      await note(database, "not yet on the replica");
      await until(() => database.replicaState()?.isNear === false);
      assert.ok((database.replicaState()?.lagMs ?? 0) > 100);
      assert.equal(await fromReplica(() => portOf(database)), "writer");
      await onReplica("SELECT pg_wal_replay_resume()");
      await until(() => database.replicaState()?.isNear === true);
      assert.equal(await fromReplica(() => portOf(database)), "replica");
      assert.deepEqual(
        log.lines().map(({ event }) => event),
        ["replica-read", "replica-left-out", "replica-read"],
      );
    });
  });

  it("has a replica that is cut off from its writer count as behind, though to itself it is not", async () => {
    const database = await open({ mostLagMs: 100 });
    const [{ conninfo } = {}] = await query(
      replica.url("postgres"),
      "SELECT setting AS conninfo FROM pg_settings WHERE name = 'primary_conninfo'",
    );
    await onReplica("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'");
    await onReplica("SELECT pg_reload_conf()");
    await until(async () => (await query(primary.url("postgres"), "SELECT FROM pg_stat_replication")).length === 0);
    await note(database, "never gets there");
    await until(() => database.replicaState()?.isNear === false);
    await onReplica(`ALTER SYSTEM SET primary_conninfo = '${String(conninfo)}'`);
    await onReplica("SELECT pg_reload_conf()");
    await until(() => database.replicaState()?.isNear === true);
  });

  it("answers every read while the replica is dead, and reads from it again when it is back", async () => {
    const database = await open();
    let out = false;
    const readers = Array.from({ length: 4 }, async () => {
      while (!out) assert.match(await fromReplica(() => portOf(database)), /^(writer|replica)$/);
    });
    await replica.stop("kill");
    await until(() => database.replicaState()?.isNear === false);
    assert.equal(database.replicaState()?.lagMs, undefined);
    await replica.start();
    await until(() => database.replicaState()?.isNear === true);
    out = true;
    await Promise.all(readers);
    assert.equal(await fromReplica(() => portOf(database)), "replica");
  });

  it("lets go of all connections to a writer that is none any more, and writes to the one that is", async () => {
    const endpoint = new Endpoint(replica);
    const connectionString = await endpoint.open("postgres");
    const { log, lines } = recordedLog();
    const moved = new Database(() => Promise.resolve({ connectionString }), { log, size: 4 });
    databases.push(moved);
    await Promise.all(Array.from({ length: 4 }, () => moved.query({ text: "SELECT pg_sleep(0.01)" })));
    assert.equal(moved.state().total, 4);
    endpoint.lead(primary);
    await note(moved, "written once");
    assert.equal(await count(moved, "written once"), 1);
    assert.equal(lines().filter(({ event }) => event === "database-connections-abandoned").length, 1);
    await until(
      async () =>
        (await query(replica.url("postgres"), "SELECT FROM pg_stat_activity WHERE application_name = 'shop'")).length === 0,
    );
    endpoint.close();
  });
});
