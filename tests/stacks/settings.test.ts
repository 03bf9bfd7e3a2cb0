import assert from "node:assert/strict";
import fc from "fast-check";
import { checkSettings } from "../../stacks/settings.ts";
import { type Config, FAULTS } from "./settings-faults.ts";

const STAGES = ["monolith", "scaled"] as const;

/** The least that a stack must say. */
const LEAST = {
  "aws:region": "eu-central-1",
  "aws:allowedAccountIds": '["123456789012"]',
  "platform:stage": "monolith",
  "platform:zones": '["eu-central-1a","eu-central-1b","eu-central-1c"]',
  "platform:image": "ghcr.io/example/shop:0.1.0",
  "platform:amiId": "ami-0123456789abcdef0",
  "platform:alarmEmail": "oncall@example.com",
};

function check(changes: Config = {}) {
  const config = Object.entries<string | undefined>({ ...LEAST, ...changes }).filter(([, value]) => value !== undefined);
  return checkSettings(Object.fromEntries(config) as Record<string, string>, STAGES);
}

function faultsOf(changes: Config): readonly string[] {
  const checked = check(changes);
  return "faults" in checked ? checked.faults : [];
}

/** Keys that stand in a rule with another one, by that rule; a second fault there may silence the rule. */
const RULED_TOGETHER: Readonly<Record<string, string>> = {
  "platform:stage": "stages",
  "platform:alongside": "stages",
  "aws:region": "zones of the region",
  "platform:zones": "zones of the region",
  "platform:cidr": "ranges",
  "platform:otherCidrs": "ranges",
  "platform:databaseMinAcu": "capacity",
  "platform:databaseMaxAcu": "capacity",
};

describe("the settings of a stack", () => {
  it("need little, and have a default for the rest", () => {
    assert.deepEqual(check(), {
      settings: {
        stage: "monolith",
        alongside: undefined,
        name: "platform",
        region: "eu-central-1",
        accountId: "123456789012",
        zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
        cidr: "10.0.0.0/16",
        image: "ghcr.io/example/shop:0.1.0",
        amiId: "ami-0123456789abcdef0",
        instanceType: "t4g.small",
        diskGib: 20,
        domain: undefined,
        zoneId: undefined,
        cacheNodeType: "cache.t4g.small",
        databaseReaders: 2,
        nat: "per-zone",
        requestsPerAddress: 2000,
        serversMax: 6,
        serversMin: 2,
        workersMax: 6,
        workersMin: 2,
        databaseVersion: "17.5",
        databaseMinAcu: 0.5,
        databaseMaxAcu: 8,
        databaseBackupDays: 14,
        logDays: 30,
        alarmEmail: "oncall@example.com",
        monthlyBudgetUsd: 200,
        protect: true,
      },
    });
  });

  it("keep a given zero and a given false", () => {
    const checked = check({ "platform:databaseMinAcu": "0", "platform:protect": "false" });
    assert.ok("settings" in checked);
    assert.equal(checked.settings.databaseMinAcu, 0);
    assert.equal(checked.settings.protect, false);
  });

  it("leave the keys of other namespaces alone", () => {
    assert.deepEqual(
      faultsOf({ "aws:profile": "prod", "kubernetes:context": "x", "pulumi:disable-default-providers": "[]" }),
      [],
    );
  });

  for (const [sentence, change, line] of FAULTS) {
    it(`refuse ${sentence}`, () => {
      assert.deepEqual(faultsOf(change), [line]);
    });
  }

  it("refuse a key for a secret without showing its value, and say where secrets live", () => {
    for (const key of ["platform:databasePassword", "platform:appSecret", "platform:githubToken"]) {
      assert.deepEqual(faultsOf({ [key]: "hunter2" }), [
        `${key}: no such key is known; secrets have no place in the config: the platform makes its own and keeps them in Secrets Manager. To take it away: pulumi config rm ${key}`,
      ]);
    }
  });

  it("list all keys when no key is near", () => {
    const [line = ""] = faultsOf({ "platform:colour": "blue" });
    assert.match(
      line,
      /^platform:colour: no such key is known; the keys are platform:stage, platform:alongside, platform:name, /,
    );
    assert.doesNotMatch(line, /blue/);
  });

  it("give three lines for three faults", () => {
    assert.deepEqual(faultsOf({ "platform:stage": "huge", "platform:cidr": "10.0.0.0/33", "platform:imag": "x" }), [
      'platform:stage: "huge" is given; allowed: monolith, scaled. To set it: pulumi config set platform:stage monolith',
      'platform:cidr: "10.0.0.0/33" is given; allowed: a /16 of 10.0.0.0/8 or 172.16.0.0/12. To set it: pulumi config set platform:cidr 10.0.0.0/16',
      "platform:imag: no such key is known; did you mean platform:image? To take it away: pulumi config rm platform:imag",
    ]);
  });

  it("report any set of faults whole: as many lines as faults, each as if it stood alone", () => {
    // One fault a key, and none in the two keys over which a rule speaks only when both are right in themselves.
    const independent = FAULTS.filter(
      ([, change]) => !["platform:zoneId", "platform:domain"].includes(Object.keys(change)[0] ?? ""),
    );
    const oneAKey = fc.uniqueArray(fc.constantFrom(...independent), {
      selector: ([, change]) => RULED_TOGETHER[Object.keys(change)[0] ?? ""] ?? Object.keys(change)[0],
    });
    fc.assert(
      fc.property(oneAKey, (faults) => {
        const changes = Object.assign({}, ...faults.map(([, change]) => change)) as Config;
        assert.deepEqual([...faultsOf(changes)].sort(), faults.map(([, , line]) => line).sort());
      }),
    );
  });

  it("put every fault on one line, whatever is given", () => {
    const keys = fc.constantFrom(...Object.keys(LEAST), "platform:cidr", "platform:otherCidrs", "platform:name");
    fc.assert(
      fc.property(fc.dictionary(keys, fc.string({ unit: "binary" })), (given) => {
        for (const line of faultsOf(given)) assert.doesNotMatch(line, /[\r\n]/);
      }),
    );
  });

  it("are put right by the commands that the lines show, one after another", () => {
    for (const [, change] of FAULTS) {
      let config = change;
      let [line] = faultsOf(config);
      // A setting that was missing may ask for one more, such as a domain for its zone.
      for (let commands = 0; line !== undefined && commands < 2; commands += 1) {
        const set = /To set it: pulumi config set (\S+) (.+)$/.exec(line);
        const [, key = "", value = ""] = set ?? [];
        config = {
          ...config,
          ...(set === null ? { [Object.keys(change)[0] ?? ""]: undefined } : { [key]: value.replaceAll("'", "") }),
        };
        [line] = faultsOf(config);
      }
      assert.equal(line, undefined, JSON.stringify(change));
    }
  });
});
