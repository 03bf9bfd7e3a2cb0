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
import { GROUP, GROUP_ARN, type LogsApi, logsApi, STREAM } from "./api-support.ts";
import { type } from "./support.ts";

describe("the API of CloudWatch Logs", () => {
  let api: LogsApi;
  let now: number;
  beforeEach(async () => {
    api = await logsApi();
    now = api.now;
  });
  afterEach(() => api.end());

  it("takes events and gives them back", async () => {
    assert.equal((await api.put([now - 2, "one"], [now - 1, "Grüße 🚀"])).rejectedLogEventsInfo, undefined);
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

  describe("when it lists", () => {
    it("groups by name, in pages, with what they hold", async () => {
      for (const name of ["/shop/b", "/shop/a", "/other"]) await api.stack.create(type.group, name, { name });
      await api.put([now, "12345"]);
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
        arn: `${GROUP_ARN}:*`,
        storedBytes: 31,
        logGroupClass: "STANDARD",
        logGroupArn: GROUP_ARN,
      });
      const part = await api.logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: "the" }));
      assert.deepEqual(
        part.logGroups?.map(({ logGroupName }) => logGroupName),
        ["/other"],
      );
    });

    it("streams by name or by their last event, in either direction, in pages", async () => {
      for (const logStreamName of ["a", "b"]) await api.logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName }));
      await api.put([now - 5, "old"]);
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
      await api.put([now - 5, "a"], [now - 1, "b"]);
      const { logStreams = [] } = await api.logs.send(new DescribeLogStreamsCommand(GROUP));
      const [stream] = logStreams;
      assert.deepEqual(
        [stream?.firstEventTimestamp, stream?.lastEventTimestamp, stream?.arn],
        [now - 5, now - 1, `${GROUP_ARN}:log-stream:web/1`],
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
      const logs = await allowed("app", `${GROUP_ARN}:*`, "PutLogEvents");
      await logs.send(new PutLogEventsCommand({ ...STREAM, logEvents: [{ timestamp: now, message: "x" }] }));
      await assert.rejects(logs.send(new GetLogEventsCommand(STREAM)), denied("GetLogEvents", `${GROUP_ARN}:log-stream:web/1`));
      await assert.rejects(
        logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName: "new" })),
        denied("CreateLogStream", `${GROUP_ARN}:log-stream:new`),
      );
    });

    it("for a group to look through it, which a policy for the bare group does not give", async () => {
      const bare = await allowed("app", GROUP_ARN, "FilterLogEvents", "DescribeLogStreams");
      await assert.rejects(bare.send(new FilterLogEventsCommand(GROUP)), denied("FilterLogEvents", `${GROUP_ARN}:log-stream:`));
      await assert.rejects(
        bare.send(new DescribeLogStreamsCommand(GROUP)),
        denied("DescribeLogStreams", `${GROUP_ARN}:log-stream:`),
      );
      const whole = await allowed("reader", `${GROUP_ARN}:*`, "FilterLogEvents", "DescribeLogStreams");
      await whole.send(new FilterLogEventsCommand(GROUP));
      await whole.send(new DescribeLogStreamsCommand(GROUP));
    });

    it("for every group to list any", async () => {
      const one = await allowed("app", `${GROUP_ARN}:*`, "DescribeLogGroups");
      await assert.rejects(
        one.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/shop/app" })),
        denied("DescribeLogGroups", "arn:aws:logs:eu-central-1:123456789012:log-group::log-stream:"),
      );
      const every = await allowed("lister", "*", "DescribeLogGroups");
      await every.send(new DescribeLogGroupsCommand({}));
    });
  });
});
