import assert from "node:assert/strict";
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { putLog } from "../../../../sandbox/src/services/cloudwatch/logs.ts";
import { refusal } from "../../support/refusal.ts";
import { type CloudWatchApi, cloudwatchApi, MINUTE, type } from "./support.ts";

const GROUP = { logGroupName: "/shop/app" };
const STREAM = { ...GROUP, logStreamName: "web/1" };
const ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:/shop/app";
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("the API of CloudWatch Logs", () => {
  let api: CloudWatchApi;
  let now: number;
  beforeEach(async () => {
    api = await cloudwatchApi();
    await api.stack.create(type.group, "group", { name: "/shop/app", retentionInDays: 30 });
    await api.logs.send(new CreateLogStreamCommand(STREAM));
    now = api.cloud.now();
  });
  afterEach(() => api.end());

  const put = (...events: readonly (readonly [at: number, message: string])[]) =>
    api.logs.send(
      new PutLogEventsCommand({ ...STREAM, logEvents: events.map(([timestamp, message]) => ({ timestamp, message })) }),
    );

  it("takes events and gives them back", async () => {
    assert.equal((await put([now - 2, "one"], [now - 1, "Grüße 🚀"])).rejectedLogEventsInfo, undefined);
    const { events = [] } = await api.logs.send(new GetLogEventsCommand({ ...STREAM, startFromHead: true }));
    assert.deepEqual(
      events.map(({ message, timestamp }) => [timestamp, message]),
      [
        [now - 2, "one"],
        [now - 1, "Grüße 🚀"],
      ],
    );
    assert.ok(events.every(({ ingestionTime = 0 }) => ingestionTime >= now));
  });

  it("shows what a workload wrote at once", async () => {
    putLog(api.cloud, "/shop/app", "web/1", "from the workload");
    const { events = [] } = await api.logs.send(new GetLogEventsCommand(STREAM));
    assert.deepEqual(
      events.map(({ message }) => message),
      ["from the workload"],
    );
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
      await put([now - 3, "a"], [now - 3, "b"], [now - 2, "c"], [now - 1, "d"]);
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
      await put([now - 3, "a"], [now - 2, "b"], [now - 1, "c"]);
      assert.deepEqual((await page({ limit: 2 })).messages, ["b", "c"]);
    });

    it("goes on where it was when events come later", async () => {
      const empty = await page({ startFromHead: true });
      await put([now, "later"]);
      assert.deepEqual((await page({ nextToken: empty.forward })).messages, ["later"]);
    });

    it("takes the start of a range in, and its end out", async () => {
      await put([now - 3, "a"], [now - 2, "b"], [now - 1, "c"]);
      assert.deepEqual((await page({ startTime: now - 3, endTime: now - 1 })).messages, ["a", "b"]);
    });

    it("gives no more than a megabyte at once", async () => {
      const half = "x".repeat(500_000);
      for (const at of [now - 3, now - 2, now - 1]) await put([at, half]);
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
        { logGroupIdentifier: ARN },
        "InvalidParameterException",
        "Only one of logGroupName and logGroupIdentifier can be specified.",
      ],
    ] as const) {
      it(`refuses ${JSON.stringify(input)}`, () => assert.rejects(page(input), refusal(name, message)));
    }

    it("knows a group by its ARN", async () => {
      await put([now, "one"]);
      const { events } = await api.logs.send(new GetLogEventsCommand({ logGroupIdentifier: ARN, logStreamName: "web/1" }));
      assert.equal(events?.length, 1);
    });
  });

  describe("when events are put", () => {
    it("leaves out what is too old, expired or too new, and says which", async () => {
      const answer = await put([now - 14 * DAY - 1, "too old"], [now - 13.5 * DAY, "old enough"]);
      assert.deepEqual(answer.rejectedLogEventsInfo, { tooOldLogEventEndIndex: 1 });
      const late = await put([now, "now"], [now + 2 * HOUR + 60_000, "too new"], [now + 3 * HOUR, "too new"]);
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
        await assert.rejects(put(...batch), refusal("InvalidParameterException", message));
        const { events: stored } = await api.logs.send(new GetLogEventsCommand(STREAM));
        assert.deepEqual(stored, []);
      });
    }

    it("takes a batch of just a megabyte", async () => {
      assert.equal((await put([now, "x".repeat(1_048_550)])).rejectedLogEventsInfo, undefined);
    });

    it("refuses more than 10,000 events", async () => {
      const events = Array.from({ length: 10_001 }, () => [now, "x"] as const);
      await assert.rejects(
        put(...events),
        refusal("InvalidParameterException", /at 'logEvents' .* less than or equal to 10000$/),
      );
    });
  });

  it("makes a stream once, in a group that exists, by a name that is one", async () => {
    const create = (input: object) => api.logs.send(new CreateLogStreamCommand({ ...STREAM, ...input }));
    await assert.rejects(create({}), refusal("ResourceAlreadyExistsException", "The specified log stream already exists"));
    await assert.rejects(
      create({ logGroupName: "/none" }),
      refusal("ResourceNotFoundException", "The specified log group does not exist."),
    );
    await assert.rejects(
      create({ logStreamName: "a:b" }),
      refusal(
        "InvalidParameterException",
        "1 validation error detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[^:*]*$",
      ),
    );
  });

  describe("when it filters", () => {
    beforeEach(async () => {
      for (const logStreamName of ["web/2", "jobs/1"]) {
        await api.logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName }));
        const logEvents = [{ timestamp: now - 2, message: `ERROR in ${logStreamName}` }];
        await api.logs.send(new PutLogEventsCommand({ ...GROUP, logStreamName, logEvents }));
      }
      await put([now - 3, "ERROR in web/1"], [now - 1, '{"status":503}'], [now, "fine"]);
    });
    const filter = async (input: object = {}) => {
      const answer = await api.logs.send(new FilterLogEventsCommand({ ...GROUP, ...input }));
      return { messages: (answer.events ?? []).map(({ message }) => message), token: answer.nextToken };
    };

    for (const [input, expected] of [
      [{}, ["ERROR in web/1", "ERROR in web/2", "ERROR in jobs/1", '{"status":503}', "fine"]],
      [{ filterPattern: "ERROR" }, ["ERROR in web/1", "ERROR in web/2", "ERROR in jobs/1"]],
      [{ filterPattern: "{ $.status >= 500 }" }, ['{"status":503}']],
      [{ filterPattern: "ERROR", logStreamNamePrefix: "web/" }, ["ERROR in web/1", "ERROR in web/2"]],
      [{ logStreamNames: ["jobs/1", "web/2"] }, ["ERROR in web/2", "ERROR in jobs/1"]],
      [{ logStreamNamePrefix: "none" }, []],
      [{ filterPattern: "nothing" }, []],
    ] as const) {
      it(`finds ${JSON.stringify(expected)} by ${JSON.stringify(input)}`, async () => {
        assert.deepEqual(await filter(input), { messages: [...expected], token: undefined });
      });
    }

    it("takes both ends of a range in", async () => {
      assert.deepEqual((await filter({ startTime: now - 1, endTime: now })).messages, ['{"status":503}', "fine"]);
    });

    it("goes on in pages until there is no more, and gives each event once", async () => {
      const seen: (string | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const page = await filter({ limit: 2, nextToken, filterPattern: "ERROR" });
        assert.ok(page.messages.length <= 2);
        seen.push(...page.messages);
        nextToken = page.token;
      } while (nextToken !== undefined);
      assert.deepEqual(seen, ["ERROR in web/1", "ERROR in web/2", "ERROR in jobs/1"]);
    });

    it("gives every event an id of its own", async () => {
      const { events = [] } = await api.logs.send(new FilterLogEventsCommand(GROUP));
      assert.equal(new Set(events.map(({ eventId }) => eventId)).size, 5);
    });

    for (const [input, name, message] of [
      [
        { logStreamNames: ["web/1"], logStreamNamePrefix: "web" },
        "InvalidParameterException",
        "Only one of logStreamNamePrefix and logStreamNames can be specified.",
      ],
      [{ logStreamNames: ["none"] }, "ResourceNotFoundException", "The specified log stream does not exist."],
      [{ filterPattern: "{ $.a" }, "InvalidParameterException", 'Invalid filter pattern "{ $.a": the closing brace is missing'],
      [{ nextToken: "f/1/1" }, "InvalidParameterException", "The specified nextToken is invalid."],
    ] as const) {
      it(`refuses ${JSON.stringify(input)}`, () => assert.rejects(filter(input), refusal(name, message)));
    }
  });

  describe("when it lists", () => {
    it("groups by name, in pages, with what they hold", async () => {
      for (const name of ["/shop/b", "/shop/a", "/other"]) await api.stack.create(type.group, name, { name });
      await put([now, "12345"]);
      await api.stack.create(type.filter, "filter", {
        name: "f",
        logGroupName: "/shop/app",
        pattern: "",
        metricTransformation: { namespace: "S", name: "N", value: "1" },
      });
      const first = await api.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/shop/", limit: 2 }));
      const second = await api.logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: "/shop/", limit: 2, nextToken: first.nextToken }),
      );
      const names = [first, second].map(({ logGroups = [] }) => logGroups.map(({ logGroupName }) => logGroupName));
      assert.deepEqual([names, second.nextToken], [[["/shop/a", "/shop/app"], ["/shop/b"]], undefined]);
      const { creationTime, ...app } = first.logGroups?.[1] ?? {};
      assert.ok(creationTime !== undefined && creationTime <= api.cloud.now());
      assert.deepEqual(app, {
        logGroupName: "/shop/app",
        retentionInDays: 30,
        metricFilterCount: 1,
        arn: `${ARN}:*`,
        storedBytes: 31,
        logGroupClass: "STANDARD",
        logGroupArn: ARN,
      });
      const part = await api.logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: "the" }));
      assert.deepEqual(
        part.logGroups?.map(({ logGroupName }) => logGroupName),
        ["/other"],
      );
    });

    it("streams by name or by their last event, in either direction, in pages", async () => {
      for (const logStreamName of ["a", "b"]) await api.logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName }));
      await put([now - 5, "old"]);
      await api.logs.send(
        new PutLogEventsCommand({ ...GROUP, logStreamName: "a", logEvents: [{ timestamp: now, message: "new" }] }),
      );
      const list = async (input: object) => {
        const answer = await api.logs.send(new DescribeLogStreamsCommand({ ...GROUP, ...input }));
        return { names: answer.logStreams?.map(({ logStreamName }) => logStreamName), token: answer.nextToken };
      };
      assert.deepEqual((await list({})).names, ["a", "b", "web/1"]);
      assert.deepEqual((await list({ descending: true })).names, ["web/1", "b", "a"]);
      assert.deepEqual((await list({ logStreamNamePrefix: "web" })).names, ["web/1"]);
      const newest = await list({ orderBy: "LastEventTime", descending: true, limit: 1 });
      const next = await list({ orderBy: "LastEventTime", descending: true, limit: 2, nextToken: newest.token });
      assert.deepEqual([newest.names, next.names, next.token], [["a"], ["web/1", "b"], undefined]);
      await assert.rejects(
        list({ orderBy: "LastEventTime", logStreamNamePrefix: "a" }),
        refusal("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix."),
      );
      await assert.rejects(
        list({ nextToken: "none" }),
        refusal("InvalidParameterException", "The specified nextToken is invalid."),
      );
      await assert.rejects(
        list({ limit: 51 }),
        refusal(
          "InvalidParameterException",
          "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50",
        ),
      );
    });

    it("a stream's first and last event", async () => {
      await put([now - 5, "a"], [now - 1, "b"]);
      const { logStreams = [] } = await api.logs.send(new DescribeLogStreamsCommand(GROUP));
      const [stream] = logStreams;
      assert.deepEqual(
        [stream?.firstEventTimestamp, stream?.lastEventTimestamp, stream?.arn],
        [now - 5, now - 1, `${ARN}:log-stream:web/1`],
      );
    });
  });

  describe("asks IAM", () => {
    const allowed = async (name: string, Resource: string, ...actions: string[]) => {
      const key = await api.roleWith(name, { Action: actions.map((action) => `logs:${action}`), Resource });
      return new CloudWatchLogsClient(key);
    };
    const denied = (action: string, resource: string) =>
      refusal(
        "AccessDeniedException",
        `User: arn:aws:sts::123456789012:assumed-role/app/app is not authorized to perform: logs:${action} on resource: ${resource} because no identity-based policy allows the logs:${action} action`,
      );

    it("for a stream to write to it, which a policy for the group with :* gives", async () => {
      const logs = await allowed("app", `${ARN}:*`, "PutLogEvents");
      await logs.send(new PutLogEventsCommand({ ...STREAM, logEvents: [{ timestamp: now, message: "x" }] }));
      await assert.rejects(logs.send(new GetLogEventsCommand(STREAM)), denied("GetLogEvents", `${ARN}:log-stream:web/1`));
      await assert.rejects(
        logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName: "new" })),
        denied("CreateLogStream", `${ARN}:log-stream:new`),
      );
    });

    it("for a group to look through it, which a policy for the bare group does not give", async () => {
      const bare = await allowed("app", ARN, "FilterLogEvents", "DescribeLogStreams");
      await assert.rejects(bare.send(new FilterLogEventsCommand(GROUP)), denied("FilterLogEvents", `${ARN}:log-stream:`));
      await assert.rejects(bare.send(new DescribeLogStreamsCommand(GROUP)), denied("DescribeLogStreams", `${ARN}:log-stream:`));
      const whole = await allowed("reader", `${ARN}:*`, "FilterLogEvents", "DescribeLogStreams");
      await whole.send(new FilterLogEventsCommand(GROUP));
      await whole.send(new DescribeLogStreamsCommand(GROUP));
    });

    it("for every group to list any", async () => {
      const one = await allowed("app", `${ARN}:*`, "DescribeLogGroups");
      await assert.rejects(
        one.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/shop/app" })),
        denied("DescribeLogGroups", "arn:aws:logs:eu-central-1:123456789012:log-group::log-stream:"),
      );
      const every = await allowed("lister", "*", "DescribeLogGroups");
      await every.send(new DescribeLogGroupsCommand({}));
    });
  });
});
