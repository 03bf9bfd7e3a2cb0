import assert from "node:assert/strict";
import { type Change, readPreview, type ResourceState } from "../../ladder/src/changes.ts";
import { breaches, farewells } from "../../ladder/src/guard.ts";

const CLUSTER = "urn:pulumi:prod::platform::platform:database:Database$aws:rds/cluster:Cluster::platform-db-cluster";
const BUCKET = "urn:pulumi:prod::platform::aws:s3/bucket:Bucket::uploads";
const LOG = "urn:pulumi:prod::platform::aws:cloudwatch/logGroup:LogGroup::slow-log";
const READER = "urn:pulumi:prod::platform::aws:rds/clusterInstance:ClusterInstance::platform-readers-1";

const state = (changes: Partial<ResourceState> = {}): ResourceState => ({
  inputs: {},
  protect: false,
  retainOnDelete: false,
  custom: true,
  ...changes,
});

function change(op: string, urn: string, changes: Partial<Change> = {}): Change {
  const [, , types = "", name = ""] = urn.split("::");
  return { op, urn, type: types.split("$").at(-1) ?? "", name, replaceReasons: [], ...changes };
}

describe("the guard", () => {
  it("lets pass what is made, changed in place, refreshed or left as it is", () => {
    const ops = ["create", "update", "same", "read", "refresh", "import"];
    assert.deepEqual(breaches(ops.map((op) => change(op, CLUSTER, { before: state({ protect: true }), after: state() }))), []);
  });

  it("refuses to replace a database, names the input that does it, and says how to mend it; once, though it is three steps", () => {
    const replaced = ["create-replacement", "replace", "delete-replaced"].map((op) =>
      change(op, CLUSTER, { replaceReasons: ["availabilityZones"], before: state(), after: state() }),
    );
    assert.deepEqual(breaches(replaced), [
      {
        urn: CLUSTER,
        type: "aws:rds/cluster:Cluster",
        name: "platform-db-cluster",
        harm: "replaced",
        why: "a change of availabilityZones makes a new one",
        mend: 'Take the change back, or move the data first. Where the new value says the same as the old one: ignoreChanges: ["availabilityZones"].',
      },
    ]);
  });

  it("refuses to delete what is no longer in the program", () => {
    assert.deepEqual(breaches([change("delete", BUCKET, { before: state() })])[0], {
      urn: BUCKET,
      type: "aws:s3/bucket:Bucket",
      name: "uploads",
      harm: "deleted",
      why: "it is no longer in the program",
      mend: "Put it back. To part with it on purpose: set retainOnDelete: true in one update, and take it out in the next.",
    });
  });

  it("knows a renamed resource by its heir, and asks for an alias", () => {
    const heir = change("create", "urn:pulumi:prod::platform::platform:storage:ObjectStore$aws:s3/bucket:Bucket::files");
    const [breach] = breaches([heir, change("delete", BUCKET, { before: state() })]);
    assert.equal(breach?.why, "its name or its parent changed (files is made instead)");
    assert.equal(breach.mend, `Give files an alias: aliases: ["${BUCKET}"].`);
  });

  it("refuses to delete whatever is protected, of any type", () => {
    const found = breaches([
      change("delete", "urn:pulumi:prod::p::acme:x/thing:Thing::vault", { before: state({ protect: true }) }),
    ]);
    assert.deepEqual(
      found.map(({ harm, name }) => [name, harm]),
      [["vault", "deleted"]],
    );
  });

  it("lets go what stays in the cloud, what holds only copies and what tells of nothing else, and says so", () => {
    const changes = [
      change("delete", BUCKET, { before: state({ retainOnDelete: true }) }),
      change("delete", READER, { before: state({ inputs: { tags: { "platform:data": "copy" } } }) }),
      change("delete", LOG, { before: state({ inputs: { tags: { "platform:data": "diagnostic" } } }) }),
    ];
    assert.deepEqual(breaches(changes), []);
    assert.deepEqual(
      farewells(changes).map(({ kind, name }) => [name, kind]),
      [
        ["uploads", "retained"],
        ["platform-readers-1", "copy"],
        ["slow-log", "diagnostic"],
      ],
    );
  });

  it("refuses to replace what is retained: its successor would start empty", () => {
    const found = breaches([change("replace", BUCKET, { before: state({ retainOnDelete: true }), after: state() })]);
    assert.deepEqual(
      found.map(({ harm }) => harm),
      ["replaced"],
    );
  });

  it("takes no other value of the tag for a copy", () => {
    const original = state({ inputs: { tags: { "platform:data": "original" } } });
    assert.equal(breaches([change("delete", READER, { before: original })]).length, 1);
  });
});

describe("a preview", () => {
  it("is read from what the CLI prints", () => {
    const json = JSON.stringify({
      steps: [
        {
          op: "replace",
          urn: CLUSTER,
          oldState: { inputs: { engine: "aurora-postgresql" }, protect: true, custom: true },
          newState: { inputs: { engine: "aurora-mysql" }, custom: true },
          replaceReasons: ["engine"],
        },
        { op: "delete", urn: BUCKET, oldState: { custom: true, retainOnDelete: true }, replaceReasons: null },
      ],
      changeSummary: { replace: 1, delete: 1 },
    });
    assert.deepEqual(readPreview(json), [
      {
        op: "replace",
        urn: CLUSTER,
        type: "aws:rds/cluster:Cluster",
        name: "platform-db-cluster",
        replaceReasons: ["engine"],
        before: state({ inputs: { engine: "aurora-postgresql" }, protect: true }),
        after: state({ inputs: { engine: "aurora-mysql" } }),
      },
      {
        op: "delete",
        urn: BUCKET,
        type: "aws:s3/bucket:Bucket",
        name: "uploads",
        replaceReasons: [],
        before: state({ retainOnDelete: true }),
      },
    ]);
  });

  it("is refused, with its first lines, when it is something else", () => {
    assert.throws(() => readPreview("error: no stack selected\n"), {
      message: "The preview cannot be read.\n  error: no stack selected\n  ",
    });
  });
});
