import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discoverRules } from "../../../policies/framework/discover.ts";
import { ruleSettings, SettingsError, settingsFile, waiversOf } from "../../../policies/framework/settings.ts";
import { readSettings } from "../../../policies/framework/settings-files.ts";

const rules = (await discoverRules()).map(({ rule }) => rule);

describe("the settings of a project", () => {
  const folder = mkdtempSync(join(tmpdir(), "policies-settings-"));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
    return path;
  };

  describe("are looked for", () => {
    before(() => {
      write("shop/Pulumi.yaml", "name: shop\nruntime: nodejs\n");
      write("shop/src/index.ts", "");
      write("pack/Pulumi.yaml", 'name: "platform"\n');
      write("pack/policies/main.js", "");
    });
    const file = (from: readonly (string | undefined)[], project?: string, env = {}): string | undefined =>
      settingsFile({ from: from.map((each) => (each === undefined ? undefined : join(folder, each))), project, env })?.slice(
        folder.length,
      );

    it("beside the nearest project, in a folder or above it", () => {
      assert.equal(file(["shop"]), "/shop/policies.yaml");
      assert.equal(file(["shop/src"]), "/shop/policies.yaml");
    });

    it("in the project that is judged, not in the one that the pack lies in", () => {
      assert.equal(file(["shop", "pack/policies"], "shop"), "/shop/policies.yaml");
      assert.equal(file(["shop", "pack/policies"], "platform"), "/pack/policies.yaml");
      assert.equal(file(["pack/policies"], "shop"), undefined);
    });

    it("nowhere when there is no project", () => {
      assert.equal(file([undefined, "."]), undefined);
    });

    it("where the environment says, whatever there is", () => {
      assert.equal(settingsFile({ from: [], env: { POLICIES_SETTINGS: "/etc/policies.yaml" } }), "/etc/policies.yaml");
      assert.equal(file(["shop"], undefined, { POLICIES_SETTINGS: "" }), "/shop/policies.yaml");
    });
  });

  it("are empty when there is no file", async () => {
    const { baseline, exemptions, files, presets, rules: set } = await readSettings(join(folder, "none/policies.yaml"), rules);
    assert.deepEqual([baseline, exemptions, presets, set.size], [[], [], undefined, 0]);
    assert.equal(files.baseline, join(folder, "none/policies-baseline.json"));
  });

  it("are read from all three files, also under other names", async () => {
    const settings = write(
      "a/policies.yaml",
      "presets: cis\ndocs: https://example.com\nexemptions: e.yaml\nbaseline: b.json\nrules:\n  key-rotates: advisory\n  key-deletion-slow: { leastDays: 20, throwawayStacks: [dev] }\n",
    );
    write("a/e.yaml", "- { rule: key-rotates, resource: old, stacks: [prod], reason: goes, owner: team, expires: 2027-02-28 }\n");
    write("a/b.json", '[{ "rule": "key-rotates", "resource": "aws:kms/key:Key::old", "at": "" }]');
    const read = await readSettings(settings, rules);
    const { files, rules: set, ...others } = read;
    assert.deepEqual(others, {
      presets: ["cis"],
      docs: "https://example.com",
      exemptions: [
        { rule: "key-rotates", resource: "old", stacks: ["prod"], reason: "goes", owner: "team", expires: "2027-02-28" },
      ],
      baseline: [{ rule: "key-rotates", resource: "aws:kms/key:Key::old", at: "" }],
    });
    assert.deepEqual(Object.fromEntries(set), {
      "key-rotates": { level: "advisory", config: {} },
      "key-deletion-slow": { config: { leastDays: 20, throwawayStacks: ["dev"] } },
    });
    const resulting = ruleSettings(rules, read);
    assert.deepEqual(resulting.get("key-rotates"), { level: "advisory", config: {} });
    assert.deepEqual(resulting.get("key-deletion-slow"), {
      level: "disabled",
      config: { throwawayStacks: ["dev"], leastDays: 20 },
    });
    assert.equal(waiversOf(read, "2027-03-01").exemptions.expired("prod").length, 1);
    assert.equal(files.exemptions, join(folder, "a/e.yaml"));
  });

  const refused: readonly [title: string, name: string, text: string, faults: readonly string[]][] = [
    [
      "an exemption without reason, owner and day, for a rule that there is none of",
      "policies-exemptions.yaml",
      '- { rule: key-rotate, resource: old }\n- { rule: key-rotates, resource: " ", reason: x, owner: y, expires: 2027-02-30, until: 1 }\n',
      [
        '[0].rule: "key-rotate" is given; it is not known; the nearest is "key-rotates"',
        "[0].reason: nothing is given; it must be of type string",
        "[0].owner: nothing is given; it must be of type string",
        "[0].expires: nothing is given; it must be of type string",
        '[1].resource: " " is given; it must not be empty',
        '[1].expires: "2027-02-30" is given; it must be a day, such as 2027-03-31',
        "[1].until is not known",
      ],
    ],
    [
      "exemptions that are no list",
      "policies-exemptions.yaml",
      "rule: key-rotates\n",
      ['the file: {"rule":"key-rotates"} is given; it must be a list'],
    ],
    [
      "a baseline that is no JSON",
      "policies-baseline.json",
      "{",
      ["Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
    ],
    [
      "settings that are no YAML",
      "policies.yaml",
      "rules: [",
      ["Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 9:"],
    ],
    [
      "settings of the wrong kind",
      "policies.yaml",
      "rules:\n  key-deletion-slow: { leastDays: 3, throwawayStacks: dev }\n  key-rotates: { leastDays: 1 }\npresets: []\n",
      [
        "presets: [] is given; it must not be empty",
        'rules.key-deletion-slow.throwawayStacks: "dev" is given; it must be a list',
        "rules.key-deletion-slow.leastDays: 3 is given; the least is 7",
        "rules.key-rotates.leastDays is not known",
      ],
    ],
  ];
  for (const [title, name, text, faults] of refused)
    it(`are refused: ${title}`, async () => {
      const place = mkdtempSync(join(folder, "bad-"));
      writeFileSync(join(place, name), text);
      await assert.rejects(readSettings(join(place, "policies.yaml"), rules), (error) => {
        assert.ok(error instanceof SettingsError);
        const [first, ...lines] = error.message.split("\n");
        assert.equal(first, `${join(place, name)} cannot be used:`);
        assert.deepEqual(
          lines.filter((line) => line.startsWith("- ")),
          faults.map((fault) => `- ${fault}`),
        );
        return true;
      });
    });
});
