import assert from "node:assert/strict";
import { CreateLogStreamCommand, FilterLogEventsCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { refusal } from "../../support/refusal.ts";
import { GROUP, type LogsApi, logsApi } from "./api-support.ts";

describe("the API of CloudWatch Logs", () => {
  let api: LogsApi;
  let now: number;
  beforeEach(async () => {
    api = await logsApi();
    now = api.now;
  });
  afterEach(() => api.end());

  describe("when it filters", () => {
    beforeEach(async () => {
      for (const logStreamName of ["web/2", "jobs/1"]) {
        await api.logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName }));
        const logEvents = [{ timestamp: now - 2, message: `ERROR in ${logStreamName}` }];
        await api.logs.send(new PutLogEventsCommand({ ...GROUP, logStreamName, logEvents }));
      }
      await api.put([now - 3, "ERROR in web/1"], [now - 1, '{"status":503}'], [now, "fine"]);
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
});
