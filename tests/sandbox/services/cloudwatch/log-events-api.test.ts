import assert from "node:assert/strict";
import { CreateLogStreamCommand, GetLogEventsCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { refusal } from "../../support/refusal.ts";
import { GROUP_ARN, type LogsApi, logsApi, STREAM } from "./api-support.ts";
import { MINUTE, type } from "./support.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("the API of CloudWatch Logs", () => {
  let api: LogsApi;
  let now: number;
  beforeEach(async () => {
    api = await logsApi();
    now = api.now;
  });
  afterEach(() => api.end());

  describe("when events are put", () => {
    it("leaves out what is too old, expired or too new, and says which", async () => {
      const answer = await api.put([now - 14 * DAY - 1, "too old"], [now - 13.5 * DAY, "old enough"]);
      assert.deepEqual(answer.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
      const late = await api.put([now, "now"], [now + 2 * HOUR + 60_000, "too new"], [now + 3 * HOUR, "too new"]);
      assert.deepEqual(late.rejectedLogEventsInfo, { tooNewLogEventStartIndex: 1 });
      const { events = [] } = await api.logs.send(new GetLogEventsCommand({ ...STREAM, startFromHead: true }));
      assert.deepEqual(
        events.map(({ message }) => message),
        ["old enough", "now"],
      );
    });

    it("leaves out what its group would not keep", async () => {
      await api.stack.create(type.group, "short", { name: "/short", retentionInDays: 1 });
      const stream = { logGroupName: "/short", logStreamName: "s" };
      await api.logs.send(new CreateLogStreamCommand(stream));
      const logEvents = [
        { timestamp: now - DAY - 60_000, message: "expired" },
        { timestamp: now - DAY + 60_000, message: "kept" },
      ];
      const answer = await api.logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
      assert.deepEqual(answer.rejectedLogEventsInfo, { expiredLogEventEndIndex: 1 });
    });

    for (const [what, events, message] of [
      [
        "out of order",
        [
          [2, "b"],
          [1, "a"],
        ],
        "Log events in a single PutLogEvents request must be in chronological order.",
      ],
      [
        "over more than a day",
        [
          [0, "a"],
          [DAY + 1, "b"],
        ],
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
      ],
      ["larger than a megabyte", [[0, "x".repeat(1_048_551)]], "Upload too large: 1048577 bytes exceeds limit of 1048576"],
      [
        "without words",
        [[0, ""]],
        "1 validation error detected: Value '' at 'logEvents.1.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
      [
        "of none",
        [],
        "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
    ] as readonly (readonly [string, readonly (readonly [number, string])[], string])[]) {
      it(`refuses a batch ${what}`, async () => {
        const batch = events.map(([after, text]) => [now - 2 * DAY + after, text] as const);
        await assert.rejects(api.put(...batch), refusal("InvalidParameterException", message));
        const { events: stored } = await api.logs.send(new GetLogEventsCommand(STREAM));
        assert.deepEqual(stored, []);
      });
    }

    it("takes a batch of just a megabyte", async () => {
      assert.equal((await api.put([now, "x".repeat(1_048_550)])).rejectedLogEventsInfo, undefined);
    });

    it("refuses more than 10,000 events", async () => {
      const events = Array.from({ length: 10_001 }, () => [now, "x"] as const);
      await assert.rejects(
        api.put(...events),
        refusal("InvalidParameterException", /at 'logEvents' .* less than or equal to 10000$/),
      );
    });
  });

  describe("when it reads a stream", () => {
    const page = async (input: object): Promise<{ messages: (string | undefined)[]; forward?: string; backward?: string }> => {
      const answer = await api.logs.send(new GetLogEventsCommand({ ...STREAM, ...input }));
      return {
        messages: (answer.events ?? []).map(({ message }) => message),
        forward: answer.nextForwardToken ?? "",
        backward: answer.nextBackwardToken ?? "",
      };
    };

    it("goes forwards and backwards in pages, and gives the same token at either end", async () => {
      await api.put([now - 3, "a"], [now - 3, "b"], [now - 2, "c"], [now - 1, "d"]);
      const first = await page({ limit: 2, startFromHead: true });
      const second = await page({ limit: 2, nextToken: first.forward });
      const end = await page({ limit: 2, nextToken: second.forward });
      assert.deepEqual([first.messages, second.messages, end.messages], [["a", "b"], ["c", "d"], []]);
      assert.equal(end.forward, second.forward);
      const back = await page({ limit: 3, nextToken: end.backward });
      const start = await page({ limit: 3, nextToken: back.backward });
      const before = await page({ limit: 3, nextToken: start.backward });
      assert.deepEqual([back.messages, start.messages, before.messages], [["b", "c", "d"], ["a"], []]);
      assert.equal(before.backward, start.backward);
      assert.deepEqual((await page({ nextToken: before.forward })).messages, ["a", "b", "c", "d"]);
    });

    it("begins with the newest unless asked otherwise", async () => {
      await api.put([now - 3, "a"], [now - 2, "b"], [now - 1, "c"]);
      assert.deepEqual((await page({ limit: 2 })).messages, ["b", "c"]);
    });

    it("goes on where it was when events come later", async () => {
      const empty = await page({ startFromHead: true });
      await api.put([now, "later"]);
      assert.deepEqual((await page({ nextToken: empty.forward })).messages, ["later"]);
    });

    it("takes the start of a range in, and its end out", async () => {
      await api.put([now - 3, "a"], [now - 2, "b"], [now - 1, "c"]);
      assert.deepEqual((await page({ startTime: now - 3, endTime: now - 1 })).messages, ["a", "b"]);
    });

    it("gives no more than a megabyte at once", async () => {
      const half = "x".repeat(500_000);
      for (const at of [now - 3, now - 2, now - 1]) await api.put([at, half]);
      const first = await page({ startFromHead: true });
      assert.deepEqual([first.messages.length, (await page({ nextToken: first.forward })).messages.length], [2, 1]);
    });

    for (const [input, name, message] of [
      [{ logStreamName: "none" }, "ResourceNotFoundException", "The specified log stream does not exist."],
      [{ logGroupName: "/none" }, "ResourceNotFoundException", "The specified log group does not exist."],
      [{ nextToken: "f/x" }, "InvalidParameterException", "The specified nextToken is invalid."],
      [
        { limit: 0, startTime: -1 },
        "InvalidParameterException",
        "2 validation errors detected: Value '-1' at 'startTime' failed to satisfy constraint: Member must have value greater than or equal to 0; Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
      ],
      [
        { logGroupIdentifier: GROUP_ARN },
        "InvalidParameterException",
        "Only one of logGroupName and logGroupIdentifier can be specified.",
      ],
    ] as const) {
      it(`refuses ${JSON.stringify(input)}`, () => assert.rejects(page(input), refusal(name, message)));
    }

    it("knows a group by its GROUP_ARN", async () => {
      await api.put([now, "one"]);
      const { events } = await api.logs.send(new GetLogEventsCommand({ logGroupIdentifier: GROUP_ARN, logStreamName: "web/1" }));
      assert.equal(events?.length, 1);
    });
  });
});
