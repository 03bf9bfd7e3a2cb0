import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discoverRules } from "../../policies/framework/discover.ts";
import { levelName, ServedPack } from "./support/pack.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const BUCKET = "aws:s3/bucket:Bucket";
const BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
/** What the engine sends for text that a preview does not know. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown): object => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

/** Only rules by these ids, for tests that are not about the others. */
function only(lines: readonly string[], ...ids: readonly string[]): string[] {
  return lines.filter((line) => ids.some((id) => line.includes(`${id}:`)));
}

describe("the policy pack, served as the engine has it served", () => {
  let pack: ServedPack;
  beforeEach(async () => {
    pack = await ServedPack.start();
  });
  afterEach(() => pack.stop());

  const openPort = (port: number) => ({
    type: INGRESS,
    name: "open",
    inputs: { ipProtocol: "tcp", fromPort: port, toPort: port, cidrIpv4: "0.0.0.0/0" },
  });

  it("introduces every rule with its title, its controls and its level", async () => {
    const info = await pack.info();
    assert.equal(info.getName(), "platform");
    assert.equal(info.getVersion(), "0.1.0");
    assert.deepEqual(
      info.getPoliciesList().map((policy) => policy.getName()),
      [...(await discoverRules()).map(({ rule }) => rule.id), "exemptions-in-order"],
    );
    const policy = info.getPoliciesList().find((each) => each.getName() === "database-recoverable");
    assert.ok(policy);
    assert.equal(policy.getDescription(), "A database keeps automatic backups for at least a week.");
    assert.equal(policy.getUrl(), "docs/policies/database-recoverable.md");
    assert.equal(policy.getFramework()?.getReference(), "RDS.11, DocumentDB.2, Neptune.5");
    assert.deepEqual(policy.getTagsList(), ["fsbp:RDS.11", "fsbp:DocumentDB.2", "fsbp:Neptune.5", "wellArchitected:REL09"]);
    assert.equal(levelName(policy.getEnforcementlevel()), "mandatory");
    assert.deepEqual(policy.getConfigschema()?.getProperties()?.toJavaScript(), {
      leastDays: { type: "integer", default: 7, minimum: 1, maximum: 35, description: "Least days of backups." },
    });
  });

  it("says what was found, what is wanted, how to mend it and where to read on", async () => {
    const { diagnostics } = await pack.analyze({ type: CLUSTER, name: "shop", inputs: { backupRetentionPeriod: 1 } });
    assert.deepEqual(only(diagnostics, "database-recoverable"), [
      "mandatory database-recoverable: backupRetentionPeriod is 1; it must be at least 7 days.\n" +
        "To mend: Set backupRetentionPeriod to 7 or more.\n" +
        "More: docs/policies/database-recoverable.md",
    ]);
  });

  it("says what a preview cannot know as advice, never as a pass", async () => {
    const { diagnostics } = await pack.analyze({
      type: CLUSTER,
      name: "shop",
      inputs: {
        storageEncrypted: true,
        backupRetentionPeriod: UNKNOWN_TEXT,
        deletionProtection: true,
        finalSnapshotIdentifier: "last",
      },
    });
    assert.deepEqual(only(diagnostics, "database-recoverable", "database-encrypted", "database-protected-from-deletion"), [
      "advisory database-recoverable: unknown until `pulumi up`, which asks again: backupRetentionPeriod",
    ]);
  });

  it("reads what is inside a secret, and shows none of it", async () => {
    const { diagnostics } = await pack.analyze({ type: CLUSTER, name: "shop", inputs: { backupRetentionPeriod: secret(1) } });
    assert.match(
      only(diagnostics, "database-recoverable").join(),
      /backupRetentionPeriod is a secret; it must be at least 7 days\./,
    );
  });

  it("says which rules are about other things", async () => {
    const { notApplicable } = await pack.analyze(openPort(443));
    assert.deepEqual(only(notApplicable, "database-recoverable", "only-web-ports-open-to-anyone"), [
      "database-recoverable: the rule is about other types of resource",
    ]);
  });

  it("judges a stack by the inputs that it was asked about, whatever the provider foresees", async () => {
    const bucket = { type: BUCKET, name: "assets", inputs: {}, outputs: { id: UNKNOWN_TEXT } };
    const lock = {
      type: BLOCK,
      name: "closed",
      inputs: { bucket: UNKNOWN_TEXT, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true },
      outputs: { restrictPublicBuckets: UNKNOWN_TEXT },
      from: { bucket: ["assets"] },
    };
    for (const each of [bucket, lock]) await pack.analyze(each);
    const { diagnostics } = await pack.analyzeStack([bucket, lock]);
    assert.match(
      only(diagnostics, "bucket-closed-to-public").join(),
      /^mandatory bucket-closed-to-public: restrictPublicBuckets is nothing; it must be true\./,
    );
  });

  it("takes each rule's level and settings from the engine", async () => {
    const rules = Object.fromEntries(
      (await pack.info()).getPoliciesList().map((policy) => [policy.getName(), { level: "DISABLED" as const }]),
    );
    await pack.configure({
      ...rules,
      "only-web-ports-open-to-anyone": { level: "ADVISORY", properties: { ports: [8443] } },
    });
    assert.deepEqual((await pack.analyze(openPort(8443))).diagnostics, []);
    assert.match(
      (await pack.analyze(openPort(443))).diagnostics.join(),
      /^advisory only-web-ports-open-to-anyone: 0\.0\.0\.0\/0 may reach port 443; everyone may reach only: 8443\./,
    );
  });

  it("refuses a configuration that names a rule which it does not have, and says which may be meant", async () => {
    await assert.rejects(
      pack.configure({ "database-recoverabel": { level: "ADVISORY" }, "no-such-thing-at-all": { level: "DISABLED" } }),
      (error: Error) => {
        assert.match(error.message, /- database-recoverabel; the nearest is "database-recoverable"\n- no-such-thing-at-all$/);
        return true;
      },
    );
  });
});

describe("a project's settings of the pack", () => {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  const settings = join(folder, "policies.yaml");
  after(() => rmSync(folder, { recursive: true }));

  async function withFiles<T>(files: Readonly<Record<string, string>>, use: (pack: ServedPack) => Promise<T>): Promise<T> {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const pack = await ServedPack.start({ POLICIES_SETTINGS: settings });
    try {
      await pack.configureStack("shop", {});
      return await use(pack);
    } finally {
      await pack.stop();
      for (const name of Object.keys(files)) rmSync(join(folder, name));
    }
  }

  it("set levels and values, which the engine then shows as defaults", async () => {
    const yaml = "rules:\n  database-recoverable: { level: advisory, leastDays: 14 }\n  database-encrypted: disabled\n";
    await withFiles({ "policies.yaml": yaml }, async (pack) => {
      const list = (await pack.info()).getPoliciesList();
      const levels = new Map(list.map((policy) => [policy.getName(), levelName(policy.getEnforcementlevel())]));
      assert.equal(levels.get("database-recoverable"), "advisory");
      assert.equal(levels.get("database-encrypted"), "disabled");
      const { diagnostics } = await pack.analyze({ type: CLUSTER, name: "shop", inputs: { backupRetentionPeriod: 7 } });
      assert.deepEqual(only(diagnostics, "database-encrypted"), []);
      assert.match(only(diagnostics, "database-recoverable").join(), /^advisory .*is 7; it must be at least 14 days\./);
    });
  });

  it("exempt a resource until a day, with reason and owner", async () => {
    const exemption = (expires: string): string =>
      `- { rule: database-recoverable, resource: "shop*", reason: holds a cache, owner: team-shop, expires: ${expires} }\n`;
    await withFiles({ "policies-exemptions.yaml": exemption("2999-12-31") }, async (pack) => {
      const shop = await pack.analyze({ type: CLUSTER, name: "shop-cache", inputs: {} });
      assert.deepEqual(only(shop.diagnostics, "database-recoverable"), []);
      assert.deepEqual(only(shop.notApplicable, "database-recoverable"), [
        "database-recoverable: exempt until 2999-12-31 (team-shop): holds a cache",
      ]);
      const other = await pack.analyze({ type: CLUSTER, name: "bills", inputs: {} });
      assert.equal(only(other.diagnostics, "database-recoverable").length, 1);
    });
    await withFiles({ "policies-exemptions.yaml": exemption("2020-01-31") }, async (pack) => {
      const shop = { type: CLUSTER, name: "shop-cache", inputs: {} };
      assert.equal(only((await pack.analyze(shop)).diagnostics, "database-recoverable").length, 1);
      assert.match(
        only((await pack.analyzeStack([shop])).diagnostics, "exemptions-in-order").join(),
        /^mandatory exemptions-in-order: the exemption of "shop\*" from database-recoverable expired on 2020-01-31 \(owner: team-shop; reason: holds a cache\); the violation must be mended, or the exemption renewed\./,
      );
    });
  });

  it("keep the violations of a baseline from stopping anything, and only those", async () => {
    const baseline = JSON.stringify([
      { rule: "database-recoverable", resource: `${CLUSTER}::shop`, at: "backupRetentionPeriod" },
    ]);
    await withFiles({ "policies-baseline.json": baseline }, async (pack) => {
      const { diagnostics } = await pack.analyze({ type: CLUSTER, name: "shop", inputs: {} });
      assert.match(
        only(diagnostics, "database-recoverable").join(),
        /^advisory database-recoverable: .*at least 7 days\. \(known since the baseline\)\n/,
      );
      assert.match(only(diagnostics, "database-encrypted").join(), /^mandatory database-encrypted: /);
    });
  });

  it("are refused with every fault at once", async () => {
    const yaml =
      "preset: scaled\npresets: [scald]\nrules:\n  database-recoverabel: advisory\n  database-encrypted: on\n  database-recoverable: { leastDays: 99 }\n";
    await assert.rejects(
      withFiles({ "policies.yaml": yaml }, () => assert.fail("it was used")),
      (error: Error) => {
        for (const fault of [
          `${settings} cannot be used:`,
          '- presets[0]: "scald" is given; allowed: monolith, scaled, distributed, global, fsbp, cis, pci, well-architected; the nearest is "scaled"',
          '- rules.database-recoverabel is not known; the nearest is "database-recoverable"',
          '- rules.database-encrypted.level: "on" is given; allowed: mandatory, advisory, disabled',
          "- rules.database-recoverable.leastDays: 99 is given; the most is 35",
          '- preset is not known; the nearest is "presets"',
        ])
          assert.ok(error.message.includes(fault), `${fault}\nis not in\n${error.message}`);
        return true;
      },
    );
  });
});

describe("the presets of a stack", () => {
  it("follow its stage, unless it names others", async () => {
    const pack = await ServedPack.start();
    try {
      const levelsNow = async (): Promise<Map<string, string>> =>
        new Map(
          (await pack.info()).getPoliciesList().map((policy) => [policy.getName(), levelName(policy.getEnforcementlevel())]),
        );
      await pack.configureStack("platform", { "platform:stage": "global" });
      assert.equal((await levelsNow()).get("database-protected-from-deletion"), "mandatory");
      await pack.configureStack("platform", { "platform:stage": "global", "policies:presets": "cis" });
      assert.equal((await levelsNow()).get("database-protected-from-deletion"), "disabled");
      assert.equal((await levelsNow()).get("database-encrypted"), "mandatory");
      await assert.rejects(
        pack.configureStack("platform", { "policies:presets": "cis,fsbpp" }),
        /"fsbpp" is given; allowed: .*; the nearest is "fsbp"/,
      );
    } finally {
      await pack.stop();
    }
  });
});
