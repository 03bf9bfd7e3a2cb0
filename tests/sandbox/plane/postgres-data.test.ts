import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstSegment } from "../../../sandbox/src/plane/base-backup.ts";
import { PostgresBackups } from "../../../sandbox/src/plane/postgres-backups.ts";
import { dataRoot, outsideHome } from "../../../sandbox/src/plane/postgres-binaries.ts";
import { PostgresData } from "../../../sandbox/src/plane/postgres-data.ts";
import { scratch } from "./support.ts";

const DAY = 24 * 60 * 60 * 1000;

describe("PostgresBackups.prune", () => {
  let folder: ReturnType<typeof scratch>;
  let data: PostgresData;
  let backups: PostgresBackups;
  before(() => {
    folder = scratch();
    data = new PostgresData(folder.path);
    backups = new PostgresBackups(data);
  });
  after(() => {
    folder.remove();
  });
  beforeEach(() => {
    for (const part of ["base", "archive"]) mkdirSync(data.path("one", part), { recursive: true });
    for (const [moment, segment] of [
      [1 * DAY, "000000010000000000000003"],
      [2 * DAY, "000000010000000000000005"],
      [3 * DAY, "000000020000000000000008"],
    ] as const) {
      const label = `START WAL LOCATION: 0/5000028 (file ${segment})\nCHECKPOINT LOCATION: 0/5000080\n`;
      writeFileSync(backups.basePath("one", moment), Buffer.concat([Buffer.alloc(512, "backup_label"), Buffer.from(label)]));
    }
    for (const part of [3, 4, 5, 6, 7, 8])
      writeFileSync(data.path("one", "archive", `00000001000000000000000${String(part)}`), "");
    writeFileSync(data.path("one", "archive", "00000002.history"), "");
    writeFileSync(data.path("one", "archive", "000000010000000000000003.00000028.backup"), "");
  });

  const archive = (): string[] =>
    readdirSync(data.path("one", "archive"))
      .sort()
      .map((name) => name.replace(/^0+1(0{15})(.)/, "$2"));

  it("keeps the newest backup from before the time that must be restorable, and the log from its start on", () => {
    backups.prune("one", 2.5 * DAY);
    assert.deepEqual(backups.bases("one"), [2 * DAY, 3 * DAY]);
    assert.deepEqual(archive(), ["5", "6", "7", "8", "00000002.history"]);
  });

  it("keeps log of the timelines before, which lead to the backup's own", () => {
    backups.prune("one", 3 * DAY);
    assert.deepEqual(backups.bases("one"), [3 * DAY]);
    assert.deepEqual(archive(), ["8", "00000002.history"]);
  });

  it("keeps everything where all of it is needed, and is content where there is nothing", () => {
    backups.prune("one", 0.5 * DAY);
    assert.deepEqual(backups.bases("one"), [1 * DAY, 2 * DAY, 3 * DAY]);
    assert.equal(archive().length, 8);
    backups.prune("two", 5 * DAY);
  });

  it("takes no other file for a backup", () => {
    writeFileSync(data.path("one", "base", "new.part"), "");
    assert.deepEqual(backups.bases("one"), [1 * DAY, 2 * DAY, 3 * DAY]);
    assert.throws(
      () => firstSegment(data.path("one", "base", "new.part")),
      /is not a base backup: it does not begin with a backup label$/,
    );
  });
});

describe("dataRoot", () => {
  let folder: ReturnType<typeof scratch>;
  let home: string;
  beforeEach(() => {
    folder = scratch();
    home = join(folder.path, "home");
    mkdirSync(home);
  });
  afterEach(() => {
    folder.remove();
  });

  it("is a folder of the home for an ordinary user", () => {
    chmodSync(folder.path, 0o700);
    assert.equal(dataRoot(home, {}), join(home, "postgres"));
  });

  it("is a folder of root's home where the account that runs the server may pass through", function () {
    if (process.getuid?.() !== 0) this.skip();
    chmodSync(folder.path, 0o755);
    chmodSync(home, 0o700);
    assert.equal(dataRoot(home, { uid: 65_534 }), join(home, "postgres"));
  });

  it("is a folder in /var/tmp of the home's own where root's home is closed", function () {
    if (process.getuid?.() !== 0) this.skip();
    chmodSync(folder.path, 0o700);
    const root = dataRoot(home, { uid: 65_534 });
    try {
      assert.equal(root, outsideHome(home));
      assert.match(root, /^\/var\/tmp\/platform-sandbox-[0-9a-f]{12}$/);
      assert.ok(existsSync(root));
    } finally {
      rmdirSync(root);
    }
  });
});
