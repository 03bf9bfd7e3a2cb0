import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { UNKNOWN } from "../../../../sandbox/src/core/values.ts";
import { associationRuns } from "../../../../sandbox/src/services/ssm/association-runs.ts";
import { ssmDefinitions } from "../../../../sandbox/src/services/ssm/index.ts";
import { refused } from "../../support/refused.ts";
import { REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

const TYPE = "aws:ssm/association:Association";
const INSTALL = { action: "Install", name: "AmazonCloudWatchAgent" };

describe("an association of the sandbox's Systems Manager", () => {
  let cloud: TestCloud;
  let stack: Stack;
  beforeEach(() => {
    cloud = testCloud();
    stack = new Stack(cloud, ssmDefinitions);
  });
  afterEach(() => cloud.end());

  const inputs = (more: Props = {}): Props => ({
    name: "AWS-ConfigureAWSPackage",
    parameters: INSTALL,
    targets: [{ key: "tag:Name", values: ["web"] }],
    scheduleExpression: "rate(30 minutes)",
    ...more,
  });
  const faults = (more: Props): string[] => stack.faults(TYPE, "install", inputs(more));
  const make = (more: Props = {}): Promise<Resource> => stack.create(TYPE, "install", inputs(more));

  it("has an id of its own, an ARN with it, and the document's default version", async () => {
    const { id, outputs } = await make({ tags: { team: "shop" } });
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.deepEqual(
      [outputs["associationId"], outputs["arn"], outputs["documentVersion"], outputs["tags"]],
      [id, `arn:aws:ssm:${REGION}:123456789012:association/${id}`, "$DEFAULT", { team: "shop" }],
    );
    assert.equal((await make({ documentVersion: "3" })).outputs["documentVersion"], "3");
  });

  it("takes other tags, targets, parameters and another schedule in place; another document makes another association", async () => {
    const before = await make();
    const changed = await stack.update(before, "install", inputs({ tags: { team: "shop" }, scheduleExpression: "rate(1 day)" }));
    assert.deepEqual([changed.id, changed.outputs["tags"]], [before.id, { team: "shop" }]);
    const changes = (more: Props): [string, boolean][] =>
      stack.engine.diff(TYPE, inputs(), inputs(more)).changes.map(({ path, replace }) => [path, replace]);
    assert.deepEqual(changes({ tags: { team: "shop" } }), [["tags", false]]);
    assert.deepEqual(changes({ scheduleExpression: "rate(1 day)" }), [["scheduleExpression", false]]);
    assert.deepEqual(changes({ name: "AWS-UpdateSSMAgent" }), [["name", true]]);
  });

  describe("names a document", () => {
    it("that the sandbox knows", () => {
      assert.deepEqual(faults({ name: "AWS-UpdateSSMAgent", parameters: {} }), []);
      assert.deepEqual(faults({ name: "AWS-ConfigureAwsPackage" }), [
        'name: "AWS-ConfigureAwsPackage" is not a document that the sandbox knows; allowed: AWS-GatherSoftwareInventory, AWS-RunPatchBaseline, ' +
          "AWS-RunShellScript, AWS-UpdateSSMAgent, AWS-ConfigureAWSPackage, AmazonCloudWatch-ManageAgent",
      ]);
    });

    it("and not none", async () => {
      await refused(stack.create(TYPE, "none", { parameters: {} }), "InvalidDocument", "The name of a document is required");
    });
  });

  describe("is repeated", () => {
    for (const expression of [
      "rate(30 minutes)",
      "rate(1 hour)",
      "rate(2 hours)",
      "rate(1 day)",
      "cron(0 2 ? * SUN *)",
      "cron(0 0/30 * 1/1 * ? *)",
      "at(2026-12-01T05:30:00)",
    ])
      it(`by ${expression}`, () => {
        assert.deepEqual(faults({ scheduleExpression: expression }), []);
      });

    for (const [expression, fault] of [
      ["30 minutes", '"30 minutes" is not a schedule; expected rate(30 minutes), cron(0 2 ? * SUN *) or at(2026-12-01T05:30:00)'],
      ["rate(29 minutes)", `"rate(29 minutes)" is too often; State Manager's least is rate(30 minutes)`],
      ["rate(1 minute)", `"rate(1 minute)" is too often; State Manager's least is rate(30 minutes)`],
      ["rate(1 hours)", '"rate(1 hours)": write 1 with the singular, more with the plural'],
      ["rate(2 hour)", '"rate(2 hour)": write 1 with the singular, more with the plural'],
      [
        "rate(2 weeks)",
        '"rate(2 weeks)" is not a rate; expected a number and minutes, hours or days, such as rate(30 minutes), cron(0 2 ? * SUN *) or at(2026-12-01T05:30:00)',
      ],
      ["cron(0 2 * * *)", '"cron(0 2 * * *)" has 5 fields; expected minutes, hours, day of month, month, day of week and year'],
      ["cron(0 2 ? * S@N *)", '"cron(0 2 ? * S@N *)": S@N is not a value of a cron expression'],
      [
        "at(tomorrow)",
        '"at(tomorrow)" is not a schedule; expected rate(30 minutes), cron(0 2 ? * SUN *) or at(2026-12-01T05:30:00)',
      ],
    ] as const)
      it(`not by ${expression}`, () => {
        assert.deepEqual(faults({ scheduleExpression: expression }), [`scheduleExpression: ${fault}`]);
      });

    it("not by its cron expression only", () => {
      assert.deepEqual(faults({ scheduleExpression: "cron(0 2 ? * SUN *)", applyOnlyAtCronInterval: true }), [
        "applyOnlyAtCronInterval: the sandbox runs an association at once and then by its rate; leave out applyOnlyAtCronInterval",
      ]);
    });
  });

  describe("is for targets", () => {
    it("by tag or by id, five at most", () => {
      const target = (key: string): Props => ({ key, values: ["web"] });
      assert.deepEqual(faults({ targets: ["tag:Name", "InstanceIds", "resource-groups:Name"].map(target) }), []);
      assert.deepEqual(faults({ targets: [target("Name"), target("tag:")] }), [
        'targets[].key: "Name" is not allowed: InstanceIds, or tag: and the key of a tag',
        'targets[].key: "tag:" is not allowed: InstanceIds, or tag: and the key of a tag',
      ]);
      assert.deepEqual(faults({ targets: Array(6).fill(target("tag:Name")) }), [
        "targets: an association has 5 targets at most, not 6",
      ]);
    });
  });

  describe("has the parameters of its document", () => {
    const agent = (parameters: Props): string[] => faults({ name: "AmazonCloudWatch-ManageAgent", parameters });

    it("and no others, with values that the document takes: every fault is told", () => {
      assert.deepEqual(faults({ parameters: { action: "install", package: "AmazonCloudWatchAgent" } }), [
        "parameters: AWS-ConfigureAWSPackage has no parameter package; it has action, additionalArguments, installationType, name, version; " +
          'action is "install"; allowed: Install, Uninstall; AWS-ConfigureAWSPackage needs the parameter name',
      ]);
    });

    it("that name the agent's configuration", () => {
      assert.deepEqual(agent({ action: "configure", optionalConfigurationLocation: "AmazonCloudWatch-web" }), []);
      assert.deepEqual(agent({ action: "stop" }), []);
      assert.deepEqual(agent({}), [
        "parameters: optionalConfigurationLocation must name the Systems Manager parameter that holds the agent's configuration",
      ]);
    });

    it("that the sandbox can play", () => {
      assert.deepEqual(agent({ action: "configure (append)", mode: "onPremise", optionalConfigurationSource: "default" }), [
        'parameters: action is "configure (append)", which the sandbox does not play; it plays configure, start, status, stop; ' +
          'mode is "onPremise", which the sandbox does not play; it plays ec2, auto; ' +
          'optionalConfigurationSource is "default", which the sandbox does not play; it plays ssm',
      ]);
    });

    it("of which some may not be known in a preview", () => {
      assert.deepEqual(agent({ action: "restart", optionalConfigurationLocation: UNKNOWN }), []);
    });

    it("and is refused without those that must be there", async () => {
      await refused(
        make({ parameters: undefined }),
        "InvalidParameters",
        "AWS-ConfigureAWSPackage needs the parameter action; AWS-ConfigureAWSPackage needs the parameter name",
      );
      const made = await make();
      await refused(stack.update(made, "install", inputs({ parameters: undefined })), "InvalidParameters");
    });
  });

  it("takes what is remembered of its runs along when it goes", async () => {
    const [first, second] = [await make(), await make({ documentVersion: "2" })];
    const run = { at: 0, parameters: "{}", failure: "" };
    for (const { id } of [first, second]) associationRuns(cloud).set(`${id}/i-1`, run);
    await stack.delete(first);
    assert.deepEqual(associationRuns(cloud).entries(), [[`${second.id}/i-1`, run]]);
  });
});
