import assert from "node:assert/strict";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text } from "../../../../sandbox/src/core/values.ts";
import { readBlob } from "../../../../sandbox/src/services/s3/blobs.ts";
import { currentVersion, listObjects } from "../../../../sandbox/src/services/s3/objects.ts";
import { ElbFixture, type } from "./support.ts";

const BUCKET = "our-logs";
const FOLDER = "web/AWSLogs/123456789012";

describe("the access log of a load balancer of the sandbox", () => {
  let elb: ElbFixture;
  let balancer: Resource;
  let group: Resource;
  let server: Resource;
  before(async () => {
    elb = new ElbFixture();
    await elb.withImage();
    const { vpc, subnets } = await elb.zones();
    await elb.create(type.bucket, { bucket: BUCKET });
    const statement = {
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::${BUCKET}/${FOLDER}/*`,
    };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await elb.create(type.bucketPolicy, { bucket: BUCKET, policy });
    balancer = await elb.balancer(subnets, { accessLogs: { bucket: BUCKET, enabled: true, prefix: "web" } });
    group = await elb.group(vpc);
    const listener = await elb.listener(balancer, group);
    await elb.create(type.rule, {
      listenerArn: listener.id,
      priority: 7,
      conditions: [{ pathPattern: { values: ["/old"] } }],
      actions: [{ type: "redirect", redirect: { statusCode: "HTTP_302", path: "/new" } }],
    });
    server = await elb.server(subnets[0], "one");
    await elb.attach(group, server);
    await elb.balancing.check();
  });
  after(() => elb.end());

  const keys = (): string[] => listObjects(elb.cloud, BUCKET).map(([key]) => key);

  async function read(key: string): Promise<Buffer> {
    const [blob] = currentVersion(elb.cloud, BUCKET, key)?.blobs ?? [];
    assert.ok(blob);
    return buffer(readBlob(elb.cloud.home, blob.id, 0, blob.size - 1));
  }

  /** The lines of the file that was written last, each as its fields. */
  async function lines(): Promise<string[][]> {
    const content = gunzipSync(await read(keys().at(-1) ?? "")).toString();
    return content
      .trimEnd()
      .split("\n")
      .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? ""));
  }

  it("begins with a file that shows that the bucket lets it in", async () => {
    assert.deepEqual(keys(), [`${FOLDER}/ELBAccessLogTestFile`]);
    assert.equal(
      (await read(`${FOLDER}/ELBAccessLogTestFile`)).toString(),
      "Enable AccessLog for ELB: web at 2026-03-01T12:00:00.000Z",
    );
  });

  it("is written every five minutes, with a line for each request", async () => {
    elb.cloud.pass(60_000);
    await elb.ask(balancer, "/cart?item=1", { headers: { "user-agent": 'a "client"' }, method: "POST", body: "x".repeat(1000) });
    await elb.balancing.logs.write();
    assert.equal(keys().length, 1);
    elb.cloud.pass(240_000);
    await elb.balancing.logs.write();
    const suffix = text(balancer.outputs, "arnSuffix").replaceAll("/", ".");
    const name = `123456789012_elasticloadbalancing_eu-central-1_${suffix}_20260301T1205Z_127.0.0.1_`;
    const [key = "", ...others] = keys().filter((each) => each.endsWith(".log.gz"));
    assert.deepEqual(others, []);
    assert.ok(key.startsWith(`${FOLDER}/elasticloadbalancing/eu-central-1/2026/03/01/${name}`), key);
    const [[...fields] = []] = await lines();
    const [client = "", ...measured] = [...fields.splice(3, 1), ...fields.splice(4, 3), ...fields.splice(6, 2)];
    const trace = fields.splice(11, 1)[0] ?? "";
    const target = `${text(server.outputs, "privateIp")}:8080`;
    assert.deepEqual(fields, [
      "http",
      "2026-03-01T12:01:00.000000Z",
      text(balancer.outputs, "arnSuffix"),
      target,
      "200",
      "200",
      `POST http://127.0.0.1:80/cart?item=1 HTTP/1.1`,
      "a \\x22client\\x22",
      "-",
      "-",
      group.id,
      "-",
      "-",
      "0",
      "2026-03-01T12:01:00.000000Z",
      "forward",
      "-",
      "-",
      target,
      "200",
      "-",
      "-",
      "-",
    ]);
    assert.match(client, /^127\.0\.0\.1:\d+$/);
    assert.match(trace, /^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    const [requestSeconds, targetSeconds, answerSeconds, received, sent] = measured.map(Number);
    for (const seconds of [requestSeconds, targetSeconds, answerSeconds]) assert.ok((seconds ?? -1) >= 0);
    assert.ok((received ?? 0) > 1000 && (received ?? 0) < 1500, String(received));
    assert.ok((sent ?? 0) > 100, String(sent));
  });

  it("says what the load balancer did itself: where it sent a client, and that nobody answered", async () => {
    await elb.ask(balancer, "/old");
    elb.cloud.processes.kill(`app-${server.id}`);
    await elb.ask(balancer, "/");
    elb.cloud.pass(300_000);
    await elb.balancing.logs.write();
    const [redirected = [], failed = []] = await lines();
    const told = (fields: string[]): string[] => [4, 5, 8, 9, 20, 22, 23].map((at) => fields[at] ?? "");
    assert.deepEqual(told(redirected), ["-", "-1", "302", "-", "7", "redirect", `${elb.url(balancer)}/new`]);
    assert.deepEqual(told(failed), [`${text(server.outputs, "privateIp")}:8080`, "-1", "502", "-", "0", "forward", "-"]);
  });

  it("is written down to the last line when the daemon ends", async () => {
    await elb.ask(balancer, "/");
    const before = keys().length;
    await elb.balancing.close();
    assert.equal(keys().length, before + 1);
  });

  it("ends with its load balancer, and nothing comes after that", async () => {
    await elb.stack.engine.resume();
    await elb.ask(balancer, "/");
    const before = keys().length;
    for (const token of [type.rule, type.listener]) for (const row of elb.cloud.world.all(token)) await elb.stack.delete(row);
    await elb.stack.delete(balancer);
    assert.equal(keys().length, before + 1);
    elb.cloud.pass(300_000);
    await elb.balancing.logs.write();
    assert.equal(keys().length, before + 1);
  });
});
