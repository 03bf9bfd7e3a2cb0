import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { guarddutyDefinitions } from "../../../../sandbox/src/services/guardduty/index.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";

const DETECTOR = "aws:guardduty/detector:Detector";

describe("detectors of the sandbox", () => {
  let cloud: TestCloud;
  let stack: Stack;
  beforeEach(() => {
    cloud = testCloud();
    stack = new Stack(cloud, guarddutyDefinitions);
  });
  afterEach(() => cloud.end());

  const make = (inputs: Props = {}) => stack.create(DETECTOR, "watch", inputs);

  it("watch with what GuardDuty has on from the start, and tell every six hours", async () => {
    const { id, outputs } = await make();
    assert.match(id, /^[0-9a-f]{32}$/);
    assert.deepEqual(
      [outputs["enable"], outputs["findingPublishingFrequency"], outputs["accountId"], outputs["arn"]],
      [true, "SIX_HOURS", "123456789012", `arn:aws:guardduty:eu-central-1:123456789012:detector/${id}`],
    );
    assert.deepEqual(outputs["datasources"], {
      kubernetes: { auditLogs: { enable: true } },
      malwareProtection: { scanEc2InstanceWithFindings: { ebsVolumes: { enable: true } } },
      s3Logs: { enable: true },
    });
  });

  it("are one a region, and may come again once they are gone", async () => {
    const first = await make();
    const words = "The request is rejected because a detector already exists for the current account.";
    await refused(stack.create(DETECTOR, "other", {}), "BadRequestException", words);
    await stack.delete(first);
    await make();
  });

  it("change in place, and keep what is not spoken of", async () => {
    const first = await make({ findingPublishingFrequency: "ONE_HOUR" });
    const now = { enable: false };
    assert.deepEqual(
      stack.engine.diff(DETECTOR, first.inputs, now).changes.filter(({ replace }) => replace),
      [],
    );
    const { outputs } = await stack.update(first, "watch", now);
    assert.deepEqual([outputs["enable"], outputs["findingPublishingFrequency"]], [false, "ONE_HOUR"]);
  });

  it("tell in the three rhythms that there are", () => {
    assert.deepEqual(stack.faults(DETECTOR, "watch", { findingPublishingFrequency: "DAILY" }), [
      'findingPublishingFrequency: "DAILY" is not one of the allowed values: FIFTEEN_MINUTES, ONE_HOUR, SIX_HOURS',
    ]);
  });
});
