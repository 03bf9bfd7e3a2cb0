import assert from "node:assert/strict";
import { Property, UnknownInput } from "../../../policies/framework/property.ts";
import { decoded, HIDDEN, Secret, UNKNOWN } from "../../../policies/framework/values.ts";

interface Inputs {
  readonly name?: string;
  readonly size?: number;
  readonly options?: { readonly tokens?: string; readonly tags?: Readonly<Record<string, string>> };
  readonly rules?: readonly { readonly port?: number }[];
}

function property(inputs: object): Property<Inputs> {
  return new Property<Inputs>(inputs);
}

/** The path that a read says is unknown. */
function unknownAt(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof UnknownInput);
    return error.path;
  }
  return assert.fail("nothing is unknown");
}

describe("a property", () => {
  it("gives values, and undefined for what is absent or null", () => {
    const { options, size } = { options: { tokens: "required" }, size: null };
    const inputs = property({ options, size });
    assert.equal(inputs.at("options", "tokens").value, "required");
    assert.equal(inputs.at("size").value, undefined);
    assert.equal(inputs.at("name").value, undefined);
    assert.equal(property({}).at("options", "tokens").value, undefined);
    assert.equal(property({ options: "text" }).at("options", "tokens").value, undefined);
  });

  it("knows where it stands", () => {
    const inputs = property({ rules: [{ port: 1 }, { port: 2 }], options: { tags: { "aws:name": "x" } } });
    assert.equal(inputs.at("options", "tokens").path, "options.tokens");
    assert.deepEqual(
      inputs.at("rules").items.map((item) => item.at("port").path),
      ["rules[0].port", "rules[1].port"],
    );
    assert.deepEqual(
      inputs.at("options", "tags").entries.map(([key, { path }]) => [key, path]),
      [["aws:name", 'options.tags["aws:name"]']],
    );
  });

  it("throws where an answer would rest on what is not known: in it, around it or inside it", () => {
    assert.equal(
      unknownAt(() => property({ name: UNKNOWN }).at("name").value),
      "name",
    );
    assert.equal(
      unknownAt(() => property({ name: UNKNOWN }).at("name").isSet),
      "name",
    );
    assert.equal(
      unknownAt(() => property({ options: UNKNOWN }).at("options", "tokens").value),
      "options",
    );
    assert.equal(
      unknownAt(() => property({ options: { tokens: UNKNOWN } }).at("options").value),
      "options.tokens",
    );
    assert.equal(
      unknownAt(() => property({ rules: UNKNOWN }).at("rules").items),
      "rules",
    );
    assert.equal(
      unknownAt(() => property({ rules: [{ port: 1 }, { port: UNKNOWN }] }).at("rules").value),
      "rules[1].port",
    );
    assert.equal(
      unknownAt(() => property({ options: UNKNOWN }).at("options").entries),
      "options",
    );
  });

  it("does not throw for what an answer does not rest on", () => {
    const inputs = property({ name: UNKNOWN, rules: [{ port: UNKNOWN }], size: 1 });
    assert.equal(inputs.at("size").value, 1);
    assert.equal(inputs.at("rules").isSet, true);
    assert.equal(inputs.at("rules").items.length, 1);
  });

  it("is set when it is there and not empty", () => {
    const sets = { name: "x", size: 0, options: { tokens: undefined }, rules: [undefined] };
    assert.deepEqual(
      Object.keys(sets).map((key) => property(sets).at(key as "name").isSet),
      [true, true, true, true],
    );
    for (const empty of ["", [], {}, null, undefined])
      assert.equal(property({ name: empty }).at("name").isSet, false, JSON.stringify(empty));
  });

  it("takes a single value for a list of one, as the provider does", () => {
    assert.deepEqual(
      property({ rules: { port: 1 } })
        .at("rules")
        .items.map(({ path, value }) => [path, value]),
      [["rules", { port: 1 }]],
    );
    assert.deepEqual(property({}).at("rules").items, []);
  });

  it("has the provider's default where it is absent, and says so", () => {
    const absent = property({}).at("size").or(1);
    assert.equal(absent.value, 1);
    assert.equal(absent.shown, "nothing, which means 1");
    assert.equal(property({ size: 5 }).at("size").or(1).shown, "5");
    assert.equal(
      unknownAt(() => property({ size: UNKNOWN }).at("size").or(1).value),
      "size",
    );
  });

  it("shows values as JSON, cut when long, and no secret", () => {
    assert.equal(property({ name: "x" }).at("name").shown, '"x"');
    assert.equal(property({}).at("name").shown, "nothing");
    assert.equal(property({ name: "x".repeat(200) }).at("name").shown, `"${"x".repeat(99)}…`);
    const secret = property({ options: new Secret({ tokens: "hush" }) });
    assert.equal(secret.at("options", "tokens").value, "hush");
    assert.equal(secret.at("options", "tokens").isSecret, true);
    assert.equal(secret.at("options", "tokens").shown, "a secret");
    assert.equal(property({ options: { tokens: new Secret("hush") } }).at("options").shown, '{"tokens":"(secret)"}');
  });
});

describe("what the engine and state files hold", () => {
  const SIGNATURE = "4dabf18193072939515e22adb298388d";
  const SECRET = "1b47061264138c4ac30d75fd1eb44270";

  it("is decoded with unknown values and secrets in their places", () => {
    assert.deepEqual(decoded({ a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", b: ["6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", 1] }), {
      a: UNKNOWN,
      b: [UNKNOWN, 1],
    });
    assert.deepEqual(decoded({ [SIGNATURE]: SECRET, value: { x: 1 } }), new Secret({ x: 1 }));
    assert.deepEqual(decoded({ [SIGNATURE]: SECRET, plaintext: '"hush"' }), new Secret("hush"));
  });

  it("is unknown where a secret is kept from us, never absent", () => {
    for (const kept of [{ [SIGNATURE]: SECRET, ciphertext: "v1:abc" }, "[secret]"]) {
      assert.deepEqual(decoded(kept), new Secret(HIDDEN));
      assert.equal(
        unknownAt(() => new Property<Inputs>({ name: decoded(kept) }).at("name").value),
        "name",
      );
    }
  });

  it("is unknown for the reference to a resource that is not made yet", () => {
    const reference = { [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:pulumi:a::b::c::d" };
    assert.equal(decoded({ ...reference, id: "" }), UNKNOWN);
    assert.equal(decoded({ ...reference, id: "i-1" }), "i-1");
  });
});
