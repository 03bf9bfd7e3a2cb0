import assert from "node:assert/strict";
import { Tracing } from "../../../components/index.ts";
import { only, record, run } from "../../support/record.ts";
import { tags } from "../examples.ts";

describe("Tracing", () => {
  it("shows the requests that failed or were slow, and says when there are more of them than usual", async () => {
    const resources = await record(() => new Tracing("platform-tracing", { tags }));
    assert.equal(resources.length, 2);
    assert.deepEqual(only(resources, "platform-tracing-failed-or-slow").inputs, {
      groupName: "platform-tracing",
      filterExpression: "fault = true OR responsetime > 0.5",
      insightsConfiguration: { insightsEnabled: true, notificationsEnabled: false },
      tags,
    });
  });

  it("cuts the group's name to the 32 characters that X-Ray allows", async () => {
    const name = "a-platform-with-a-long-name-tracing";
    const { result } = await run(() => new Tracing(name, { tags }).groupName);
    assert.equal(result, "a-platform-with-a-long-name-trac");
  });
});
