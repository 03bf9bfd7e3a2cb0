import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { SqsFixture, urlOf } from "./support.ts";

describe("messages of SQS on disk", () => {
  const QueueUrl = urlOf("jobs");
  let sqs: SqsFixture;
  beforeEach(async () => {
    sqs = await SqsFixture.start();
    await sqs.queue();
  });
  afterEach(() => sqs.end());

  /** A daemon of its own over the same home, and a client of it; it is killed at that moment of its first change. */
  async function doomed(
    moment: "within" | "after" | "never",
  ): Promise<{ client: SQSClient; child: ChildProcess; ended: Promise<unknown[]> }> {
    await sqs.close();
    const script = join(import.meta.dirname, "doomed.ts");
    const child = spawn(process.execPath, ["--no-warnings", script, sqs.api.cloud.home, moment], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    const [url] = (await once(child.stdout, "data")) as [Buffer];
    return { child, ended, client: new SQSClient({ ...sqs.api.operator, endpoint: url.toString().trim() }) };
  }

  it("survive a kill -9 once they were acknowledged, and stay hidden while they are in flight", async () => {
    const { child, client, ended } = await doomed("never");
    for (const MessageBody of ["a", "b"]) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    child.kill("SIGKILL");
    await ended;
    client.destroy();
    sqs = await SqsFixture.start(sqs.api.cloud.home);
    const [first] = await sqs.receive({ MaxNumberOfMessages: 1 });
    assert.equal(first?.Body, "a");
    const { home } = sqs.api.cloud;
    await sqs.close();
    sqs = await SqsFixture.start(home);
    assert.deepEqual(await sqs.bodies(), ["b"]);
    assert.deepEqual(await sqs.depth(), ["0", "2", "0"]);
  });

  for (const [moment, bodies] of [
    ["within", []],
    ["after", ["a", "b"]],
  ] as const) {
    it(`are a batch of ${bodies.length} after a kill ${moment} the change that takes two`, async () => {
      const { client, ended } = await doomed(moment);
      const Entries = ["a", "b"].map((body) => ({ Id: body, MessageBody: body }));
      await assert.rejects(client.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
      assert.deepEqual(await ended, [null, "SIGKILL"]);
      client.destroy();
      sqs = await SqsFixture.start(sqs.api.cloud.home);
      assert.deepEqual(await sqs.bodies(), bodies);
    });
  }

  it("are for their owner's eyes only", async () => {
    await sqs.send("a");
    assert.equal((statSync(join(sqs.api.cloud.home, "sqs")).mode & 0o777).toString(8), "700");
  });
});
