import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ResourceDefinition } from "../../sandbox/src/core/definition.ts";
import { changesOf } from "../../sandbox/src/core/difference.ts";
import type { Shape, TypeSchema } from "../../sandbox/src/core/schema.ts";
import type { Props, Value } from "../../sandbox/src/core/values.ts";
import { definitions } from "../../sandbox/src/services/index.ts";
import { readSchemas } from "../../sandbox/tools/generate-schema.ts";

/** See its own `source` and `laterSource` for where it comes from. */
interface Facts {
  readonly types: Readonly<Record<string, readonly string[]>>;
  readonly later: Readonly<Record<string, readonly string[]>>;
}

/** Where the sandbox knows better than the table: by type and input, with the reason. */
const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    engine: "newer than the table: from redis to valkey it is changed in place, and replaced only on the way back",
    transitEncryptionEnabled:
      'the documentation of the current provider: it forces a replacement "with an engineVersion < 7.0.5"',
  },
  "aws:elasticache/user:User": { engine: "as that of a replication group" },
  "aws:elasticache/userGroup:UserGroup": { engine: "as that of a replication group" },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    clientIdLists: "AddClientIDToOpenIDConnectProvider: the provider of today adds and removes client ids in place",
  },
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": {
    quicServerId: 'newer than the table; the documentation of the current provider says "Forces replacement if modified"',
  },
  "aws:secretsmanager/secret:Secret": {
    type: 'newer than the table; the documentation of the current provider says "This attribute cannot be changed after creation"',
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    secretStringWoVersion: "newer than the table; aws_secretsmanager_secret_version marks it as ForceNew",
  },
  "aws:wafv2/webAcl:WebAcl": {
    namePrefix:
      'newer than the table; the documentation of the current provider says "Conflicts with name", and CreateWebACL alone sets a name',
  },
  "aws:s3/bucket:Bucket": {
    bucketNamespace: 'newer than the table; the documentation of the current provider says "Changing this forces a new resource"',
  },
};

/** Paths of a shape's plain values, each with a way to put one of two values there. */
interface Leaf {
  readonly path: string;
  readonly holding: (mark: string) => Value;
}

function leavesOf(shape: Shape): Leaf[] {
  const plain: Leaf[] = [{ path: "", holding: (mark) => mark }];
  if (typeof shape === "string") return plain;
  if ("list" in shape) return leavesOf(shape.list).map(({ path, holding }) => ({ path, holding: (mark) => [holding(mark)] }));
  if ("object" in shape) return membersOf(shape.object);
  return plain;
}

function membersOf(members: Readonly<Record<string, Shape>>): Leaf[] {
  return Object.entries(members).flatMap(([name, shape]) =>
    leavesOf(shape).map(({ path, holding }) => ({
      path: path === "" ? name : `${name}.${path}`,
      holding: (mark) => ({ [name]: holding(mark) }),
    })),
  );
}

/** The inputs of a type whose change replaces the resource, by the core's own comparison. */
function replacing(replaceOn: readonly string[], schema: TypeSchema): string[] {
  return (
    membersOf(schema.inputs)
      // The table is older than the input `region`, whose rule is the same for all types and stands in the core.
      .filter(({ path }) => path !== "region")
      .filter(({ holding }) => {
        const changes = changesOf({ replaceOn }, holding("before") as Props, holding("after") as Props);
        return changes.some(({ replace }) => replace);
      })
      .map(({ path }) => path)
  );
}

describe("what forces a replacement in the sandbox", () => {
  const { types, later } = JSON.parse(readFileSync(new URL("facts/replace-on-change.json", import.meta.url), "utf8")) as Facts;
  const facts = { ...types, ...later };
  const served = definitions.filter(({ type }) => type.startsWith("aws:"));
  let schemas: Readonly<Record<string, TypeSchema>>;

  /** Inputs on which a definition and the table disagree. */
  const disputed = ({ type, replaceOn }: ResourceDefinition): string[] => {
    const schema = schemas[type];
    assert.ok(schema, `no schema for ${type}`);
    const here = new Set(replacing(replaceOn, schema));
    const there = new Set(replacing(facts[type] ?? [], schema));
    return [...here.symmetricDifference(there)].sort();
  };

  before(function () {
    this.timeout(120_000);
    schemas = readSchemas(served.map(({ type }) => type));
  });

  it("is known for every AWS type that is served, and for no other", () => {
    const known = Object.keys(facts).sort();
    assert.deepEqual(
      served.map(({ type }) => type).sort(),
      known,
      "add the facts of a new type, or take out those of one that is gone",
    );
  });

  it("names real inputs only", () => {
    const paths = (type: string): string[] => membersOf(schemas[type]?.inputs ?? {}).map(({ path }) => path);
    const unknown = served.flatMap(({ type, replaceOn }) => {
      const real = paths(type);
      return replaceOn
        .filter((input) => !real.some((path) => path === input || path.startsWith(`${input}.`)))
        .map((input) => `${type}: ${input}`);
    });
    // The provider's package dropped some inputs that the table has; a definition may keep to the table.
    const dropped = unknown.filter((line) => {
      const [type = "", input = ""] = line.split(": ");
      return facts[type]?.includes(input) !== true;
    });
    assert.deepEqual(dropped, []);
  });

  for (const definition of served) {
    it(`agrees with the provider on every input of ${definition.type}`, () => {
      assert.deepEqual(disputed(definition), Object.keys(differences[definition.type] ?? {}).sort());
    });
  }

  it("lists no difference for a type that is not served", () => {
    const types = served.map(({ type }) => type);
    assert.deepEqual(
      Object.keys(differences).filter((type) => !types.includes(type)),
      [],
    );
  });
});
