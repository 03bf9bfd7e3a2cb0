import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Change } from "../../ladder/src/changes.ts";
import { breaches, farewells } from "../../ladder/src/guard.ts";
import type { Settings } from "../../stacks/contract.ts";
import { platform } from "../../stacks/platform.ts";
import { only, record, type Recorded, run } from "../support/record.ts";
import { settings } from "../support/settings.ts";
import { identity, statefulIdentities } from "../support/stateful.ts";

const DOMAIN = { domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" };
const MONOLITH = { ...DOMAIN, stage: "monolith" } as const;
const SCALED = { ...DOMAIN, stage: "scaled" } as const;
const BUILT = { ...MONOLITH, alongside: "scaled" } as const;
const SWITCHED = { ...SCALED, alongside: "monolith" } as const;

const stacks = new Map<Partial<Settings>, Promise<Recorded[]>>();

/** The stack of these settings; each is made once for all tests. */
function stack(changes: Partial<Settings> = SCALED): Promise<Recorded[]> {
  const made = stacks.get(changes) ?? record(() => platform(settings(changes)));
  stacks.set(changes, made);
  return made;
}

/** The update from one to the other as the engine would see it, by identities alone. */
async function update(from: Partial<Settings>, to: Partial<Settings>): Promise<Change[]> {
  const before = await stack(from);
  const after = await stack(to);
  const has = (resources: readonly Recorded[], urn: string) => resources.some((each) => each.urn === urn);
  const state = ({ inputs, protect, retainOnDelete, type }: Recorded) => ({
    inputs,
    protect,
    retainOnDelete,
    custom: !type.startsWith("platform:"),
  });
  const change = (op: string, one: Recorded) => ({ op, urn: one.urn, type: one.type, name: one.name, replaceReasons: [] });
  return [
    ...after.map((one) => ({ ...change(has(before, one.urn) ? "same" : "create", one), after: state(one) })),
    ...before.filter(({ urn }) => !has(after, urn)).map((one) => ({ ...change("delete", one), before: state(one) })),
  ];
}

describe("stage scaled", function () {
  this.timeout(30_000);

  it("keeps every resource that holds data in stage monolith, under the same identity", async () => {
    const kept = statefulIdentities(await stack());
    assert.deepEqual(
      statefulIdentities(await stack(MONOLITH)).filter((each) => !kept.includes(each)),
      [],
    );
  });

  it("keeps the identity of everything that holds data: the contract with every later stage", async () => {
    const golden: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "golden/stateful-urns.scaled.json"), "utf8"));
    assert.deepEqual(
      statefulIdentities(await stack()),
      golden,
      "A changed identity replaces the resource. Take the change back, or give the resource aliases and say so in CHANGELOG.md.",
    );
  });

  it("has the one server no more, and leads the product's name to its delivery network", async () => {
    const resources = await stack();
    assert.deepEqual(
      resources.filter(({ type }) => ["aws:ec2/instance:Instance", "platform:compute:AppServer"].includes(type)),
      [],
    );
    assert.deepEqual(only(resources, "platform-dns-address").inputs["aliases"], [
      { name: "platform-cdn-distribution.cloudfront.test", zoneId: "Z2FDTNDATAQYW2", evaluateTargetHealth: false },
    ]);
  });

  it("leads the name there only once fleet, workers and network stand", async () => {
    // A component waits for what it depends on, and its children wait for it.
    const dependencies = (await stack()).find(({ name }) => name === "platform-dns")?.dependencies ?? [];
    for (const part of ["platform-web-group", "platform-workers-group", "platform-cdn-distribution"])
      assert.ok(dependencies.includes(part), `${part} is not waited for, only ${dependencies.join(", ")}`);
  });

  it("lets the fleet reach the pooler and the cache, and not the database itself", async () => {
    const resources = await stack();
    const reached = resources
      .filter(({ name, type }) => type.endsWith(":SecurityGroupEgressRule") && name.startsWith("platform-web-"))
      .map(({ inputs }) => inputs["referencedSecurityGroupId"])
      .filter((id) => id !== undefined && id !== "platform-web-access-id");
    assert.deepEqual(reached.sort(), ["platform-cache-access-id", "platform-pooler-access-id"]);
  });

  it("hands web servers and workers the same environment but for their role", async () => {
    const unit = async (name: string): Promise<Record<string, string>> => {
      const data = String(only(await stack(), name).inputs["userData"]);
      const lines = [
        ...Buffer.from(data, "base64")
          .toString()
          .matchAll(/^ +([A-Z_]+)=(.*)$/gm),
      ];
      return Object.fromEntries(lines.map(([, key = "", value = ""]) => [key, value]));
    };
    const [web, workers] = [await unit("platform-web-template"), await unit("platform-workers-template")];
    assert.deepEqual([web["ROLE"], workers["ROLE"]], ["web", "worker"]);
    for (const key of [
      "CACHE_ENDPOINT",
      "CACHE_SECRET_ARN",
      "DATABASE_ENDPOINT",
      "DATABASE_READER_ENDPOINT",
      "JOBS_QUEUE_URL",
      "PUBLIC_URL",
    ]) {
      assert.ok((web[key] ?? "") !== "", key);
      assert.equal(web[key], workers[key], key);
    }
  });

  it("shows every resource in a first preview, when no cloud has answered yet: none is made inside apply", async () => {
    const { resources } = await run(() => platform(settings(SCALED)), { preview: true });
    assert.deepEqual(resources.map(identity).sort(), (await stack()).map(identity).sort());
  });

  it("is refused without a domain, whose certificate the load balancer needs", async () => {
    await assert.rejects(
      record(() => platform(settings({ stage: "scaled" }))),
      {
        message: "stage scaled needs platform:domain and platform:zoneId",
      },
    );
  });
});

describe("a move between monolith and scaled", function () {
  this.timeout(30_000);

  const way: readonly (readonly [string, Partial<Settings>, Partial<Settings>])[] = [
    ["builds the fleet beside the server", MONOLITH, BUILT],
    ["sends people to the fleet", BUILT, SWITCHED],
    ["takes the server away", SWITCHED, SCALED],
    ["builds the server beside the fleet", SCALED, SWITCHED],
    ["sends people to the server", SWITCHED, BUILT],
    ["takes the fleet away", BUILT, MONOLITH],
  ];
  for (const [deed, from, to] of way)
    it(`${deed} and loses nothing that holds data`, async () => {
      assert.deepEqual(breaches(await update(from, to)), []);
    });

  it("removes nothing before its last step", async () => {
    for (const [from, to] of [
      [MONOLITH, BUILT],
      [BUILT, SWITCHED],
      [SCALED, SWITCHED],
    ] as const) {
      const gone = (await update(from, to)).filter(({ op }) => op === "delete").map(({ name }) => name);
      assert.deepEqual(gone, []);
    }
  });

  it("takes the fleet away with what holds only copies, and keeps the logs of load balancer and network in the cloud", async () => {
    const gone = farewells(await update(BUILT, MONOLITH)).map(({ kind, name }) => `${kind} ${name}`);
    assert.deepEqual(gone.sort(), [
      "copy platform-assets-bucket",
      "copy platform-cache-group",
      "copy platform-cache-password",
      "copy platform-db-readers-instance-1",
      "copy platform-db-readers-instance-2",
      "copy platform-edge-monitoring-messages-key",
      "copy platform-jobs-failed",
      "copy platform-jobs-queue",
      "diagnostic platform-cache-slow-log",
      "diagnostic platform-pooler-log",
      "retained platform-balancer-logs-bucket",
      "retained platform-cdn-logs-bucket",
    ]);
  });

  it("leads the product's name from one to the other by an update of the same record", async () => {
    const target = async (changes: Partial<Settings>) => {
      const { aliases, records } = only(await stack(changes), "platform-dns-address").inputs;
      return records ?? (aliases as readonly { readonly name: string }[])[0]?.name;
    };
    assert.deepEqual(await target(BUILT), ["203.0.113.10"]);
    assert.equal(await target(SWITCHED), "platform-cdn-distribution.cloudfront.test");
  });

  it("tells where the stage that is built beside can be asked", async () => {
    const beside = async (changes: Partial<Settings>): Promise<unknown> =>
      ((await run(() => platform(settings(changes)))).result as Record<string, unknown>)["besideUrl"];
    assert.equal(await beside(BUILT), "https://origin.shop.example.com");
    assert.equal(await beside(SWITCHED), "http://203.0.113.10");
    assert.equal(await beside(SCALED), undefined);
  });
});
