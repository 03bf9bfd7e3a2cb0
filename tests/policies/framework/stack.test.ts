import assert from "node:assert/strict";
import { UnknownInput } from "../../../policies/framework/property.ts";
import type { ResourceFacts } from "../../../policies/framework/resource.ts";
import { Stack } from "../../../policies/framework/stack.ts";
import { UNKNOWN } from "../../../policies/framework/values.ts";

const BOX = "test:index:Box";
const THING = "test:index:Thing";
const urn = (type: string, name: string): string => `urn:pulumi:prod::shop::${type}::${name}`;
const facts = (type: string, name: string, inputs: object, more: Partial<ResourceFacts> = {}): ResourceFacts => ({
  urn: urn(type, name),
  type,
  name,
  inputs: { ...inputs },
  ...more,
});
const names = (resources: readonly { readonly name: string }[]): string[] => resources.map(({ name }) => name);

interface Box {
  readonly of?: unknown;
}

function ask(...resources: readonly ResourceFacts[]) {
  const stack = new Stack(resources);
  const find = (name: string) => {
    const found = stack.resources.find((each) => each.name === name);
    assert.ok(found);
    return found;
  };
  return {
    linked: (name: string, least?: number) => names(stack.linked<Box>(BOX, "of", find(name), least)),
    namedBy: (name: string, property = "of") => names(stack.namedBy(find(name), property, THING)),
    find,
  };
}

describe("what stands beside a resource in its stack", () => {
  const shop = facts(THING, "shop", {}, { outputs: { id: UNKNOWN, arn: "arn:shop" } });
  const mail = facts(THING, "mail", { name: "mail-7" });
  const made = facts(BOX, "made", { of: UNKNOWN }, { propertyDependencies: { of: [shop.urn] } });
  const written = facts(BOX, "written", { of: ["arn:shop", "mail-7"] });
  const unclear = facts(BOX, "unclear", { of: UNKNOWN });

  it("is found by the outputs that went into an input, also while their values are not known", () => {
    const { linked, namedBy } = ask(shop, mail, made);
    assert.deepEqual(linked("shop"), ["made"]);
    assert.deepEqual(linked("mail"), []);
    assert.deepEqual(namedBy("made"), ["shop"]);
  });

  it("is found by the id, ARN or name that an input holds", () => {
    const { linked, namedBy } = ask(shop, mail, written);
    assert.deepEqual([linked("shop"), linked("mail")], [["written"], ["written"]]);
    assert.deepEqual(namedBy("written"), ["shop", "mail"]);
  });

  it("is not known where an input is not, and nothing tells where it comes from", () => {
    const { linked, namedBy } = ask(shop, mail, made, unclear);
    assert.deepEqual(linked("shop"), ["made"], "one that is found is enough");
    const isUnclear = (path: string) => (error: UnknownInput) => error instanceof UnknownInput && error.path === path;
    assert.throws(() => linked("shop", 2), isUnclear("unclear.of"));
    assert.throws(() => linked("mail"), isUnclear("unclear.of"));
    assert.throws(() => namedBy("unclear"), isUnclear("of"));
  });

  it("is nothing where an input is absent, or made of something of another type", () => {
    const other = facts(BOX, "other", { of: UNKNOWN }, { propertyDependencies: { of: [made.urn] } });
    const { namedBy } = ask(shop, made, other, facts(BOX, "empty", {}));
    assert.deepEqual([namedBy("empty"), namedBy("other"), namedBy("made", "to")], [[], [], []]);
  });

  it("has its name at the head of its paths, in messages about another resource", () => {
    const { find } = ask(written);
    assert.equal(find("written").named.as<Box>().at("of").path, "written.of");
  });
});
