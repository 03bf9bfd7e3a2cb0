import assert from "node:assert/strict";
import { scheduleExpression, timeZone } from "../../../../sandbox/src/services/backup/schedule.ts";

describe("a schedule of AWS Backup", () => {
  for (const expression of [
    "cron(0 4 * * ? *)",
    "cron(0 6 ? * SUN *)",
    "cron(0/15 8-17 ? * MON-FRI 2026-2030)",
    "cron(0 5 L * ? *)",
    "cron(0 5 ? * 6#3 *)",
    "cron(0 5 1,15 jan,JUL ? *)",
    "rate(1 day)",
    "rate(12 hours)",
  ]) {
    it(`may be ${expression}`, () => assert.equal(scheduleExpression(expression, {}), undefined));
  }

  for (const [expression, reason] of [
    ["cron(0 4 * * *)", /has 5 fields; a cron expression has 6/],
    ["cron(0 4 * * * *)", /exactly one of day-of-month and day-of-week must be \?/],
    ["cron(0 4 ? * ? *)", /exactly one/],
    ["cron(60 4 * * ? *)", /60 is not a value for minutes \(0 to 59\)/],
    ["cron(0 24 * * ? *)", /24 is not a value for hours/],
    ["cron(0 4 0 * ? *)", /0 is not a value for day of month/],
    ["cron(0 4 * 13 ? *)", /13 is not a value for month/],
    ["cron(0 6 ? * SON *)", /SON is not a value for day of week/],
    ["cron(0/0 4 * * ? *)", /0\/0 is not a value for minutes/],
    ["rate(1 days)", /write 1 with the singular/],
    ["rate(2 day)", /more with the plural/],
    ["rate(0 days)", /singular/],
    ["every day", /is not a schedule; allowed: cron\(.*\) or rate\(1 day\)/],
  ] as const) {
    it(`may not be ${expression}`, () => assert.match(scheduleExpression(expression, {}) ?? "", reason));
  }

  it("is read in a time zone that exists", () => {
    assert.equal(timeZone("Europe/Berlin", {}), undefined);
    assert.match(timeZone("Europe/Bärlin", {}) ?? "", /not a time zone of the IANA database/);
  });
});
