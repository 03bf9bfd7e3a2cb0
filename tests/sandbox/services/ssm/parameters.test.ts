import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { ssmDefinitions } from "../../../../sandbox/src/services/ssm/index.ts";
import { ACCOUNT, REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const PARAMETER = "aws:ssm/parameter:Parameter";
const good = { name: "/shop/url", type: "String", value: "https://shop" };

describe("parameters of Systems Manager", () => {
  let cloud: TestCloud;
  let stack: Stack;
  beforeEach(() => {
    cloud = testCloud();
    stack = new Stack(cloud, [...ssmDefinitions, ...kmsDefinitions]);
  });
  afterEach(() => cloud.end());

  const make = (inputs: Props = {}, name = "main") => stack.create(PARAMETER, name, { ...good, ...inputs });
  const faults = (inputs: Props) => stack.faults(PARAMETER, "main", { ...good, ...inputs }).join("\n");

  it("have the outputs that the provider computes", async () => {
    const { id, outputs } = await make();
    assert.equal(id, "/shop/url");
    assert.deepEqual(
      [outputs["arn"], outputs["version"], outputs["tier"], outputs["dataType"], outputs["keyId"], outputs["hasValueWo"]],
      [`arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/shop/url`, 1, "Standard", "text", "", false],
    );
    const plain = await make({ name: "plain" }, "plain");
    assert.equal(plain.outputs["arn"], `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/plain`);
  });

  it("get the account's own key if they are secret and name none", async () => {
    assert.equal((await make({ type: "SecureString" })).outputs["keyId"], "alias/aws/ssm");
    await refused(
      make({ name: "/shop/b", type: "SecureString", keyId: "alias/ghost" }, "b"),
      "InvalidKeyId",
      "Invalid keyId alias/ghost",
    );
  });

  for (const [inputs, fault] of [
    [{ name: "shop/url" }, /^name: Parameter name must be a fully qualified name\.$/],
    [{ name: "a b" }, /^name: Only a mix of letters, numbers and the following 4 symbols \.-_\/ are allowed\.$/],
    [{ name: "/aws/x" }, /^name: No access to reserved parameter name: "aws" and "ssm" can't begin a name\.$/],
    [{ name: "SSM-x" }, /No access to reserved parameter name/],
    [{ name: "/a".repeat(16) }, /^name: The parameter name can have at most 15 levels of hierarchy\.$/],
    [{ type: "Text" }, /^type: "Text" is not one of the allowed values: String, StringList, SecureString$/],
    [{ tier: "Cheap" }, /^tier: "Cheap" is not one of the allowed values: Standard, Advanced, Intelligent-Tiering$/],
    [{ insecureValue: "x" }, /^type: exactly one of value, insecureValue, valueWo must be given, not value and insecureValue$/],
    [{ value: "" }, /^type: exactly one of value, insecureValue, valueWo must be given, not none$/],
    [{ type: "SecureString", value: "", insecureValue: "x" }, /^type: a SecureString takes value, not insecureValue$/],
    [{ allowedPattern: "(" }, /^allowedPattern: "\(" is not a regular expression/],
  ] as const) {
    it(`are refused before they are made with ${JSON.stringify(inputs).slice(0, 80)}`, () => {
      assert.match(faults(inputs), fault);
    });
  }

  it("hold as much as their tier allows", async () => {
    await make({ value: "x".repeat(4096) });
    const words = (tier: string, most: number) =>
      `${tier} tier parameters support a maximum parameter value of ${most} characters.`;
    await refused(make({ name: "/b", value: "x".repeat(4097) }, "b"), "ValidationException", words("Standard", 4096));
    await make({ name: "/c", tier: "Advanced", value: "x".repeat(8192) }, "c");
    await refused(
      make({ name: "/d", tier: "Advanced", value: "x".repeat(8193) }, "d"),
      "ValidationException",
      words("Advanced", 8192),
    );
  });

  it("must match their own pattern, as a whole, and the refusal does not show the value", async () => {
    await make({ allowedPattern: "https://.*" });
    const words = "Parameter value, cannot be validated against allowedPattern: shop";
    await refused(make({ name: "/b", allowedPattern: "shop" }, "b"), "ParameterPatternMismatchException", words);
  });

  it("have a name that is the region's only one, unless the program writes over it", async () => {
    await make();
    const words = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
    await refused(make({}, "again"), "ParameterAlreadyExists", words);
    const over = await make({ overwrite: true, value: "https://other" }, "again");
    assert.deepEqual([over.outputs["version"], over.outputs["value"]], [2, "https://other"]);
  });

  it("count up when something of them changes, and not when nothing does", async () => {
    const row = await make();
    const changed = await stack.update(row, "main", { ...good, value: "https://new" });
    assert.equal(changed.outputs["version"], 2);
    const tagged = await stack.update(changed, "main", { ...good, value: "https://new", tags: { a: "b" } });
    assert.equal(tagged.outputs["version"], 2);
    const secret = await stack.update(tagged, "main", { ...good, value: "https://new", type: "SecureString" });
    assert.deepEqual([secret.outputs["version"], secret.outputs["keyId"]], [3, "alias/aws/ssm"]);
  });

  it("go from standard to advanced, and not back", async () => {
    const row = await make();
    const advanced = await stack.update(row, "main", { ...good, tier: "Advanced" });
    await refused(
      stack.update(advanced, "main", { ...good, tier: "Standard" }),
      "ValidationException",
      /can't downgrade a parameter/,
    );
  });

  it("can be imported by name, and are gone with all their versions when they are deleted", async () => {
    const row = await make();
    const read = await stack.engine.read(PARAMETER, "/shop/url", REGION);
    assert.deepEqual([read?.inputs["value"], read?.outputs["version"]], ["https://shop", 1]);
    await stack.delete(row);
    assert.equal(await stack.engine.read(PARAMETER, "/shop/url", REGION), undefined);
    assert.equal((await make()).outputs["version"], 1);
  });
});
