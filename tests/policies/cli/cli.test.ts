import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { XMLParser } from "fast-xml-parser";
import type { Log } from "sarif";
import { main } from "../../../policies/cli/main.ts";

const STACK = "urn:pulumi:prod::shop::";
const CLUSTER = "aws:rds/cluster:Cluster";
const sound = {
  storageEncrypted: true,
  backupRetentionPeriod: 7,
  deletionProtection: true,
  finalSnapshotIdentifier: "last",
};
const hidden = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };

function cluster(name: string, inputs: object, more: object = {}): object {
  return {
    urn: `${STACK}${CLUSTER}::${name}`,
    type: CLUSTER,
    custom: true,
    id: name,
    inputs,
    outputs: { ...inputs, arn: `arn:${name}` },
    ...more,
  };
}

/** Only these rules, so that a rule which is added one day changes no expectation here. */
const RULES = ["database-encrypted", "database-recoverable", "database-protected-from-deletion"];

describe("the command of the policy pack", () => {
  const folder = mkdtempSync(join(tmpdir(), "policies-cli-"));
  const file = (name: string): string => join(folder, name);
  const write = (name: string, document: unknown): string => {
    writeFileSync(file(name), typeof document === "string" ? document : JSON.stringify(document));
    return file(name);
  };
  const state = (...resources: readonly object[]): string => write("state.json", { version: 3, deployment: { resources } });
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    const { out } = await policies("list");
    const others = out
      .split("\n")
      .flatMap((line) => line.split(/\s+/)[2] ?? [])
      .filter((id) => !RULES.includes(id));
    write("policies.yaml", `rules:\n${others.map((id) => `  ${id}: disabled\n`).join("")}`);
  });
  afterEach(() => {
    for (const name of ["policies.yaml", "policies-baseline.json", "policies-exemptions.yaml"])
      rmSync(file(name), { force: true });
  });

  async function policies(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    let out = "";
    let err = "";
    const code = await main(args, {
      folder,
      env: {},
      today: "2027-01-01",
      out: (text) => (out += text),
      err: (text) => (err += text),
    });
    return { code, out, err };
  }

  it("says nothing of a state in which all is well", async () => {
    assert.deepEqual(await policies("check-state", state(cluster("shop", sound))), { code: 0, out: "", err: "" });
  });

  it("groups what it finds by resource, the worst first, with what is wanted, how to mend it and where to read on", async () => {
    const { code, out } = await policies(
      "check-state",
      state(
        cluster("bills", { ...sound, finalSnapshotIdentifier: hidden }),
        cluster("shop", { ...sound, storageEncrypted: false, backupRetentionPeriod: 1 }),
        cluster("gone", {}, { delete: true }),
      ),
    );
    assert.equal(code, 1);
    assert.equal(
      out,
      `aws:rds/cluster:Cluster  shop
  high      database-encrypted: storageEncrypted is false; it must be true.
            To mend: Set storageEncrypted to true. A database that exists is encrypted by copying it: take a snapshot, copy it with a key, and restore the copy.
            More: docs/policies/database-encrypted.md
  high      database-recoverable: backupRetentionPeriod is 1; it must be at least 7 days.
            To mend: Set backupRetentionPeriod to 7 or more.
            More: docs/policies/database-recoverable.md

aws:rds/cluster:Cluster  bills
  unknown   database-protected-from-deletion: finalSnapshotIdentifier is a secret that is not shown here (\`pulumi stack export --show-secrets\` shows it).

2 mandatory, 0 advice, 1 unknown; 6 questions about 2 resources.
`,
    );
  });

  it("ends well when there is only advice", async () => {
    const rules = readFileSync(file("policies.yaml"), "utf8");
    write("policies.yaml", `${rules}  database-encrypted: advisory\ndocs: https://example.com/rules/\n`);
    const { code, out } = await policies("check-state", state(cluster("shop", { ...sound, storageEncrypted: false })));
    assert.equal(code, 0);
    assert.match(out, /^ {2}advice {4}database-encrypted: /m);
    assert.match(out, /More: https:\/\/example\.com\/rules\/database-encrypted\.md$/m);
    assert.match(out, /^0 mandatory, 1 advice, 0 unknown; 3 questions about 1 resources\.$/m);
  });

  it("judges a preview, by the presets of the stack's stage", async () => {
    const step = (op: string, resource: object) => ({ op, urn: `${STACK}${CLUSTER}::shop`, newState: resource });
    const preview = (op: string) =>
      write("preview.json", {
        config: { "shop:stage": "scaled" },
        steps: [step(op, cluster("shop", { ...sound, backupRetentionPeriod: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }))],
        changeSummary: { [op]: 1 },
      });
    const { code, out } = await policies("check-preview", preview("create"));
    assert.equal(code, 0);
    assert.match(out, /^ {2}unknown {3}database-recoverable: backupRetentionPeriod is not known before `pulumi up`\.$/m);
    assert.equal((await policies("check-preview", preview("delete"))).out, "");
  });

  it("refuses a preview that does not show every resource", async () => {
    const given = write("preview.json", { steps: [], changeSummary: { same: 3 } });
    assert.deepEqual(await policies("check-preview", given), {
      code: 2,
      out: "",
      err: `${given} leaves out the resources that do not change; run the preview with --show-sames.\n`,
    });
  });

  it("writes a baseline, after which only new violations count", async () => {
    const old = cluster("shop", { ...sound, storageEncrypted: false });
    const { code, err } = await policies("baseline", state(old));
    assert.deepEqual([code, err], [0, `1 violations are in ${file("policies-baseline.json")} now.\n`]);
    assert.deepEqual(JSON.parse(readFileSync(file("policies-baseline.json"), "utf8")), [
      { rule: "database-encrypted", resource: `${CLUSTER}::shop`, at: "storageEncrypted" },
    ]);
    assert.deepEqual(await policies("check-state", state(old)), { code: 0, out: "", err: "" });
    const { code: worse, out } = await policies(
      "check-state",
      state(old, cluster("bills", { ...sound, backupRetentionPeriod: 1 })),
    );
    assert.equal(worse, 1);
    assert.match(out, /^1 mandatory, 0 advice, 0 unknown, 1 in the baseline; 6 questions about 2 resources\.$/m);
  });

  it("writes JSON", async () => {
    const { out } = await policies(
      "check-state",
      state(cluster("shop", { ...sound, storageEncrypted: false })),
      "--format",
      "json",
    );
    const { results, summary, version } = JSON.parse(out) as { results: object[]; summary: object; version: number };
    assert.equal(version, 1);
    assert.deepEqual(summary, {
      resources: 1,
      asked: 3,
      mandatory: 1,
      advisory: 0,
      unknown: 0,
      exempt: 0,
      baseline: 0,
      faults: 0,
    });
    assert.deepEqual(results, [
      {
        rule: "database-encrypted",
        title: "A database is encrypted at rest",
        severity: "high",
        level: "mandatory",
        name: "shop",
        type: CLUSTER,
        urn: `${STACK}${CLUSTER}::shop`,
        kind: "violation",
        at: "storageEncrypted",
        found: "storageEncrypted is false",
        wanted: "it must be true",
        message: "storageEncrypted is false; it must be true.",
        remediation:
          "Set storageEncrypted to true. A database that exists is encrypted by copying it: take a snapshot, copy it with a key, and restore the copy.",
        page: "docs/policies/database-encrypted.md",
        controls: {
          fsbp: ["RDS.3", "RDS.27", "DocumentDB.1", "Neptune.1"],
          cisAws3: ["2.3.1"],
          cisAws5: ["2.2.1"],
          wellArchitected: ["SEC08"],
        },
      },
    ]);
  });

  it("writes SARIF 2.1.0 into a file, with what is unknown as open and what is exempt as suppressed", async () => {
    write(
      "policies-exemptions.yaml",
      "- { rule: database-recoverable, resource: shop, reason: holds a cache, owner: team-shop, expires: 2027-06-30 }\n",
    );
    const given = state(
      cluster("shop", { ...sound, storageEncrypted: false, backupRetentionPeriod: 1, finalSnapshotIdentifier: hidden }),
    );
    const { code, out } = await policies("check-state", given, "--format", "sarif", "--output", file("report.sarif"));
    assert.deepEqual([code, out], [1, ""]);
    const log = JSON.parse(readFileSync(file("report.sarif"), "utf8")) as Log;
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs;
    assert.ok(run);
    assert.deepEqual(
      run.tool.driver.rules?.map(({ id, properties }) => `${id} ${String(properties?.["security-severity"])}`),
      ["database-encrypted 8.0", "database-protected-from-deletion 8.0", "database-recoverable 8.0"],
    );
    assert.deepEqual(
      run.results?.map(({ kind, level, message, ruleId, ruleIndex, suppressions }) => [
        ruleId,
        ruleIndex,
        kind,
        level,
        message.text,
        suppressions?.map(({ justification }) => justification),
      ]),
      [
        ["database-encrypted", 0, "fail", "error", "shop: storageEncrypted is false; it must be true.", undefined],
        [
          "database-protected-from-deletion",
          1,
          "open",
          "none",
          "shop: finalSnapshotIdentifier is a secret that is not shown here (`pulumi stack export --show-secrets` shows it).",
          undefined,
        ],
        [
          "database-recoverable",
          2,
          "fail",
          "error",
          "shop: backupRetentionPeriod is 1; it must be at least 7 days.",
          ["Exempt until 2027-06-30 by team-shop: holds a cache"],
        ],
      ],
    );
    const [first] = run.results ?? [];
    assert.deepEqual(first?.locations, [
      {
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [{ name: "shop", fullyQualifiedName: `${STACK}${CLUSTER}::shop`, kind: "resource" }],
      },
    ]);
    assert.match(first.partialFingerprints?.["policies/v1"] ?? "", /^[0-9a-f]{32}$/);
  });

  it("writes JUnit XML: failures for what is mandatory, skipped for what is unknown, passes for the rest", async () => {
    const given = state(cluster("a<b>&", { ...sound, storageEncrypted: false, finalSnapshotIdentifier: hidden }));
    const { out } = await policies("check-state", given, "--format", "junit");
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", textNodeName: "text" });
    const { testsuites } = parser.parse(out) as {
      testsuites: { testsuite: { name: string; testcase: { name: string }[] } } & Record<string, string>;
    };
    const { errors, failures, skipped, tests } = testsuites;
    assert.deepEqual({ errors, failures, skipped, tests }, { errors: "0", failures: "1", skipped: "1", tests: "3" });
    assert.equal(testsuites.testsuite.name, `${CLUSTER} a<b>&`);
    assert.deepEqual(
      testsuites.testsuite.testcase.map(({ name, ...rest }) => [name, Object.keys(rest).filter((key) => key !== "classname")]),
      [
        ["database-encrypted", ["failure"]],
        ["database-protected-from-deletion", ["skipped"]],
        ["database-recoverable", []],
      ],
    );
  });

  it("lists every rule with its level", async () => {
    const { code, out } = await policies("list", "--presets", "pci");
    assert.equal(code, 0);
    assert.match(out, /^disabled {3}high {6}database-encrypted\s+A database is encrypted at rest$/m);
  });

  describe("refuses", () => {
    const refused: readonly [title: string, args: readonly string[], message: RegExp][] = [
      [
        "a command that there is none of",
        ["chek-state"],
        /^There is no command "chek-state"; there are check-state, check-preview, baseline and list\.$/m,
      ],
      ["a check without a file", ["check-state"], /^check-state needs a FILE, or - for the standard input\.$/m],
      ["a file that is not there", ["check-state", "/nowhere.json"], /^\/nowhere\.json cannot be read: ENOENT/m],
      [
        "a format that there is none of",
        ["list", "--format", "xml"],
        /^--format: "xml" is given; allowed: text, json, sarif, junit$/m,
      ],
      ["an option that there is none of", ["list", "--colour"], /Unknown option '--colour'/],
      [
        "a preset that there is none of",
        ["list", "--presets", "pci,scald"],
        /- "scald" is given; allowed: .*; the nearest is "scaled"$/m,
      ],
    ];
    for (const [title, args, message] of refused)
      it(title, async () => {
        const { code, err, out } = await policies(...args);
        assert.deepEqual([code, out], [2, ""]);
        assert.match(err, message);
      });

    it("a document of another kind, and text that is no document", async () => {
      const other = write("other.json", { steps: [] });
      assert.match(
        (await policies("check-state", other)).err,
        /is no exported state; write one with `pulumi stack export --file /,
      );
      assert.match(
        (await policies("check-preview", write("other.json", { deployment: {} }))).err,
        /is no preview; write one with/,
      );
      assert.match((await policies("check-state", write("text.json", "{ oh"))).err, /text\.json is not JSON: /);
      assert.equal(existsSync(file("policies-baseline.json")), false);
    });
  });
});
