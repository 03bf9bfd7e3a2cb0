import assert from "node:assert/strict";
import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  type DescribeParametersCommandInput,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  type GetParametersByPathCommandInput,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { type Props } from "../../../../sandbox/src/core/values.ts";
import { ssmOperations } from "../../../../sandbox/src/services/ssm/api.ts";
import { apiCloud, type ApiCloud } from "../../support/api.ts";
import { ACCOUNT, REGION } from "../../support/cloud.ts";

const PARAMETER = "aws:ssm/parameter:Parameter";

describe("the API of Parameter Store", () => {
  let api: ApiCloud;
  let ssm: SSMClient;
  beforeEach(async () => {
    api = await apiCloud({ json: { ssm: ssmOperations }, query: {}, rest: {} });
    ssm = new SSMClient(api.operator);
  });
  afterEach(() => api.end());

  const make = (name: string, inputs: Props = {}) =>
    api.stack.create(PARAMETER, name, { name, type: "String", value: `value of ${name}`, ...inputs });
  const get = async (Name: string, more: object = {}) => (await ssm.send(new GetParameterCommand({ Name, ...more }))).Parameter;
  const put = (Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) =>
    ssm.send(new PutParameterCommand({ Name, Value, ...more }));
  const arnOf = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`;

  it("reads a parameter by name or ARN, with its type, version and date", async () => {
    await make("/shop/url");
    for (const name of ["/shop/url", arnOf("/shop/url")]) {
      const { LastModifiedDate, ...shown } = (await get(name)) ?? {};
      assert.deepEqual(shown, {
        Name: "/shop/url",
        Type: "String",
        Value: "value of /shop/url",
        Version: 1,
        ARN: arnOf("/shop/url"),
        DataType: "text",
      });
      assert.ok(Math.abs((LastModifiedDate?.getTime() ?? 0) - Date.now()) < 60_000);
    }
    await assert.rejects(get("/shop/none"), { name: "ParameterNotFound", message: "Parameter /shop/none not found." });
  });

  it("reads several, and names those that are not there", async () => {
    await make("/shop/a");
    await make("/shop/b");
    const several = (Names: string[]) => ssm.send(new GetParametersCommand({ Names }));
    const { Parameters, InvalidParameters } = await several(["/shop/b", "/shop/none", "/shop/a:1", "/shop/a:7"]);
    assert.deepEqual(
      Parameters?.map(({ Name }) => Name),
      ["/shop/b", "/shop/a"],
    );
    assert.deepEqual(InvalidParameters, ["/shop/none", "/shop/a:7"]);
    const many = several(Array.from({ length: 11 }, (_, index) => `/p${index}`));
    await assert.rejects(many, { name: "ValidationException", message: /Member must have length between 1 and 10$/ });
  });

  describe("reads by path", () => {
    beforeEach(async () => {
      for (const name of ["/shop/b", "/shop/a", "/shop/db/url", "/shop/db/user", "/shopping/x", "plain"]) await make(name);
    });
    const under = async (Path: string, more: Partial<GetParametersByPathCommandInput> = {}) => {
      const { Parameters = [], NextToken } = await ssm.send(new GetParametersByPathCommand({ Path, ...more }));
      return { names: Parameters.map(({ Name }) => Name), NextToken };
    };

    for (const [path, recursive, names] of [
      ["/shop", false, ["/shop/a", "/shop/b"]],
      ["/shop/", false, ["/shop/a", "/shop/b"]],
      ["/shop", true, ["/shop/a", "/shop/b", "/shop/db/url", "/shop/db/user"]],
      ["/shop/db", false, ["/shop/db/url", "/shop/db/user"]],
      ["/shop/a", true, []],
      ["/", false, ["plain"]],
      ["/", true, ["/shop/a", "/shop/b", "/shop/db/url", "/shop/db/user", "/shopping/x", "plain"]],
    ] as const) {
      it(`${path}${recursive ? " and all below" : ""}: ${names.length}`, async () => {
        assert.deepEqual((await under(path, { Recursive: recursive })).names, names);
      });
    }

    it("in pages of at most ten", async () => {
      const first = await under("/", { Recursive: true, MaxResults: 4 });
      assert.equal(first.names.length, 4);
      const second = await under("/", { Recursive: true, MaxResults: 4, NextToken: first.NextToken });
      assert.deepEqual(second, { names: ["/shopping/x", "plain"], NextToken: undefined });
      await assert.rejects(under("/", { MaxResults: 11 }), { name: "ValidationException", message: /value between 1 and 10$/ });
      await assert.rejects(under("/", { NextToken: "made-up" }), { name: "InvalidNextToken" });
    });

    it("but not by what is no path, and by no filters", async () => {
      await assert.rejects(under("shop"), { name: "ValidationException", message: /must begin with a forward slash/ });
      const filtered = under("/", { ParameterFilters: [{ Key: "Type", Values: ["String"] }] });
      await assert.rejects(filtered, { name: "InvalidFilterKey", message: /does not serve ParameterFilters/ });
    });
  });

  describe("keeps the versions", () => {
    beforeEach(async () => {
      await make("/shop/url", { value: "one" });
      await put("/shop/url", "two", { Overwrite: true, Description: "the second" });
      await put("/shop/url", "three", { Overwrite: true, Type: "SecureString" });
    });

    it("each to be read by its number", async () => {
      const read = async (selector: string) => (await get(`/shop/url${selector}`, { WithDecryption: true }))?.Value;
      assert.deepEqual([await read(""), await read(":1"), await read(":2"), await read(":3")], ["three", "one", "two", "three"]);
      assert.equal((await get(`${arnOf("/shop/url")}:2`))?.Selector, ":2");
      const message = "Systems Manager could not find version 4 of /shop/url. Verify the version and try again.";
      await assert.rejects(get("/shop/url:4"), { name: "ParameterVersionNotFound", message });
    });

    it("and tells them all, secret ones as such", async () => {
      const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: "/shop/url" }));
      assert.deepEqual(
        Parameters.map(({ Version, Type, Description, KeyId }) => [Version, Type, Description, KeyId]),
        [
          [1, "String", "", undefined],
          [2, "String", "the second", undefined],
          [3, "SecureString", "the second", "alias/aws/ssm"],
        ],
      );
      assert.deepEqual(
        Parameters.slice(0, 2).map(({ Value }) => Value),
        ["one", "two"],
      );
      assert.ok(!JSON.stringify(Parameters).includes("three"));
    });

    it("a hundred at most, the newest", async () => {
      for (let index = 4; index <= 102; index++) await put("/shop/url", `v${index}`, { Overwrite: true });
      const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: "/shop/url", WithDecryption: true }));
      assert.deepEqual([Parameters.length, Parameters[0]?.Version, Parameters.at(-1)?.Value], [100, 3, "v102"]);
      await assert.rejects(get("/shop/url:2"), { name: "ParameterVersionNotFound" });
    });
  });

  describe("writes", () => {
    it("a new parameter, which a program may import", async () => {
      assert.deepEqual((({ Version, Tier }) => [Version, Tier])(await put("/new", "x", { Type: "String" })), [1, "Standard"]);
      const seen = await api.stack.engine.read(PARAMETER, "/new", REGION);
      assert.deepEqual([seen?.inputs["name"], seen?.inputs["value"], seen?.outputs["version"]], ["/new", "x", 1]);
    });

    it("over one of a program, whose refresh sees it and whose next run puts it back", async () => {
      await make("/shop/url", { value: "", insecureValue: "declared" });
      assert.equal((await put("/shop/url", "drifted", { Overwrite: true })).Version, 2);
      const seen = await api.stack.engine.read(PARAMETER, "/shop/url", REGION);
      assert.deepEqual(
        [seen?.inputs["insecureValue"], seen?.outputs["insecureValue"], seen?.outputs["version"]],
        ["drifted", "drifted", 2],
      );
      const wanted = { ...seen?.inputs, insecureValue: "declared" };
      assert.deepEqual(
        api.stack.engine.diff(PARAMETER, seen?.inputs ?? {}, wanted).changes.map(({ path }) => path),
        ["insecureValue"],
      );
    });

    it("in the tier that the value needs, if it may choose", async () => {
      const tier = async (size: number) =>
        (await put(`/t${size}`, "x".repeat(size), { Type: "String", Tier: "Intelligent-Tiering" })).Tier;
      assert.deepEqual([await tier(4096), await tier(4097)], ["Standard", "Advanced"]);
    });

    for (const [what, input, name, message] of [
      ["without a type", {}, "ValidationException", "A parameter type is required when you create a parameter."],
      ["of a type that is none", { Type: "Text" }, "UnsupportedParameterType", "The parameter type Text is not supported."],
      ["with an empty value", { Type: "String", Value: "" }, "ValidationException", /length greater than or equal to 1$/],
      ["over the tier", { Type: "String", Value: "x".repeat(4097) }, "ValidationException", /^Standard tier parameters support/],
      ["in a tier that is none", { Type: "String", Tier: "Cheap" }, "ValidationException", /enum value set/],
      [
        "against its pattern",
        { Type: "String", AllowedPattern: "\\d+" },
        "ParameterPatternMismatchException",
        /allowedPattern: \\d\+$/,
      ],
      [
        "by a pattern that is none",
        { Type: "String", AllowedPattern: "(" },
        "InvalidAllowedPatternException",
        /is not a regular expression/,
      ],
      [
        "under a reserved name",
        { Type: "String", Name: "/aws/x" },
        "ValidationException",
        /No access to reserved parameter name/,
      ],
      ["with policies", { Type: "String", Policies: "[]" }, "UnsupportedParameterOperation", /does not serve Policies/],
    ] as const) {
      it(`nothing ${what}`, async () => {
        const work = put("/new", "value", input as unknown as Partial<PutParameterCommandInput>);
        await assert.rejects(work, { name, message });
        await assert.rejects(get("/new"), { name: "ParameterNotFound" });
      });
    }

    it("over another only if it is told to", async () => {
      await put("/new", "x", { Type: "String" });
      await assert.rejects(put("/new", "y", { Type: "String" }), { name: "ParameterAlreadyExists" });
      assert.equal((await get("/new"))?.Value, "x");
    });
  });

  it("deletes", async () => {
    await make("/shop/url");
    await ssm.send(new DeleteParameterCommand({ Name: "/shop/url" }));
    await assert.rejects(get("/shop/url"), { name: "ParameterNotFound" });
    await assert.rejects(ssm.send(new DeleteParameterCommand({ Name: "/shop/url" })), { name: "ParameterNotFound" });
  });

  it("describes all of a parameter but its value, as filtered", async () => {
    await make("/shop/url", { description: "where" });
    await make("/shop/token", { type: "SecureString" });
    const list = async (ParameterFilters: DescribeParametersCommandInput["ParameterFilters"] = []) =>
      (await ssm.send(new DescribeParametersCommand({ ParameterFilters }))).Parameters ?? [];
    assert.deepEqual(
      (await list()).map(({ Name, Type, KeyId, Description }) => [Name, Type, KeyId, Description]),
      [
        ["/shop/token", "SecureString", "alias/aws/ssm", undefined],
        ["/shop/url", "String", undefined, "where"],
      ],
    );
    const names = async (filter: object) => (await list([filter as { Key: string }])).map(({ Name }) => Name);
    assert.deepEqual(await names({ Key: "Type", Values: ["SecureString"] }), ["/shop/token"]);
    assert.deepEqual(await names({ Key: "Name", Option: "BeginsWith", Values: ["/shop/u"] }), ["/shop/url"]);
    assert.deepEqual(await names({ Key: "Name", Option: "Contains", Values: ["tok"] }), ["/shop/token"]);
    await assert.rejects(names({ Key: "Label", Values: ["x"] }), {
      name: "InvalidFilterKey",
      message: /it serves Name, Type, KeyId, Tier\.$/,
    });
    await assert.rejects(names({ Key: "Name", Option: "Near", Values: ["x"] }), { name: "InvalidFilterOption" });
    assert.ok(!JSON.stringify(await list()).includes("value of"));
  });
});
