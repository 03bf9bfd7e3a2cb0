import assert from "node:assert/strict";
import { ControlClient } from "../../../sandbox/src/commands/control.ts";
import { type ControlOptions, type RunningControl, startControl } from "../../../sandbox/src/control/control.ts";
import { FaultBoard } from "../../../sandbox/src/control/faults.ts";
import { eventsShape, faultsShape, releasedShape, type SandboxStatus, statusShape } from "../../../sandbox/src/control/shapes.ts";

type CallInit = Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> };

const TOKEN = "a-token-of-thirty-two-characters";

const STATUS: SandboxStatus = {
  phase: "ready",
  account: "123456789012",
  resources: [
    { type: "aws:ec2/vpc:Vpc", id: "vpc-0a1b2c3d", name: "platform-network", phase: "ready", region: "eu-central-1" },
    { type: "aws:s3/bucket:Bucket", id: "platform-1a2b3c4", name: "platform", phase: "creating", region: "eu-central-1" },
  ],
  processes: [
    { name: "app", pid: 4711, state: "ready", restarts: 1, memoryBytes: 5e7, startedAt: "2026-11-24T09:30:00.000Z" },
    { name: "postgres", pid: null, state: "waiting", restarts: 0, memoryBytes: 0, startedAt: null },
  ],
  doors: [{ name: "eipalloc-0abc", url: "http://127.0.0.1:41080", target: "203.0.113.10:443" }],
  faults: [],
  unclaimed: [
    { type: "aws:s3/bucket:Bucket", id: "platform-1a2b3c4", name: "platform", phase: "creating", region: "eu-central-1" },
  ],
};

const EVENTS = ["the sandbox has started", "app answers", "app was killed"].map((message, at) => ({
  seq: at + 1,
  at: `2026-11-24T09:30:0${String(at)}.000Z`,
  message,
}));

describe("the control API", () => {
  let control: RunningControl;
  let calls: string[];
  let stopped: Promise<void>;

  beforeEach(async () => {
    calls = [];
    let stop: () => void = () => undefined;
    stopped = new Promise((resolve) => (stop = resolve));
    const faults = new FaultBoard({ kill: (name) => void calls.push(`kill ${name}`) });
    const options: ControlOptions = {
      token: TOKEN,
      status: () => ({ ...STATUS, faults: faults.list() }),
      events: (after) => EVENTS.filter(({ seq }) => seq > after),
      logs: (name, lines) => (name === "app" ? ["one", "two", "three"].slice(-lines) : undefined),
      faults,
      release: () => Promise.resolve(3),
      stop: () => {
        calls.push("stop");
        stop();
      },
    };
    control = await startControl(options);
  });
  afterEach(() => control.close());

  const call = (path: string, init: CallInit = {}, token = TOKEN): Promise<Response> =>
    fetch(`${control.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const json = async (path: string, init?: CallInit): Promise<unknown> => (await call(path, init)).json();
  const body = (value: unknown): CallInit => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  });
  const client = (token = TOKEN) => new ControlClient({ controlUrl: control.url, token });

  it("listens on loopback only", () => {
    assert.match(control.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("answers nothing without its token, not even what is not there", async () => {
    const paths = ["/status", "/events", "/logs?name=app", "/faults", "/nowhere"];
    for (const path of paths) {
      assert.equal((await call(path, {}, "another-token-of-thirty-two-chars")).status, 401, path);
      assert.equal((await fetch(`${control.url}${path}`)).status, 401, path);
    }
    assert.equal((await call("/stop", { method: "POST" }, `${TOKEN}x`)).status, 401);
    assert.deepEqual(calls, []);
  });

  it("answers in the shapes that both sides share", async () => {
    assert.deepEqual(statusShape.parse(await json("/status")), STATUS);
    assert.deepEqual(eventsShape.parse(await json("/events")), { events: EVENTS });
    assert.deepEqual(faultsShape.parse(await json("/faults")), { faults: [] });
    assert.deepEqual(releasedShape.parse(await json("/release", { method: "POST" })), { released: 3 });
  });

  it("gives the events after a number", async () => {
    assert.deepEqual(await json("/events?after=2"), { events: EVENTS.slice(2) });
    assert.deepEqual(await json("/events?after=3"), { events: [] });
  });

  it("gives the last lines of a log as text", async () => {
    const response = await call("/logs?name=app&lines=2");
    assert.equal(response.headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(await response.text(), "two\nthree\n");
  });

  it("puts faults in, lists them and lifts them", async () => {
    const added = await call("/faults", body({ kind: "throttle", calls: 20 }));
    assert.equal(added.status, 201);
    const row = { id: "throttle-1", description: "throttles the next 20 calls" };
    assert.deepEqual(await added.json(), row);
    await call("/faults", body({ kind: "latency", ms: 500 }));
    assert.deepEqual((await client().status()).faults, [row, { id: "latency-2", description: "adds 500 ms to each call" }]);
    assert.deepEqual(await json("/faults/throttle-1", { method: "DELETE" }), { lifted: 1 });
    assert.deepEqual(await json("/faults", { method: "DELETE" }), { lifted: 1 });
    assert.deepEqual(await json("/faults"), { faults: [] });
  });

  it("refuses with what was given and what is allowed", async () => {
    const cases: readonly (readonly [string, CallInit, number, string])[] = [
      ["/events?after=x", {}, 400, 'after is "x"; allowed: a whole number from 0 to 9007199254740991'],
      ["/logs?name=app&lines=0", {}, 400, 'lines is "0"; allowed: a whole number from 1 to 100000'],
      ["/logs?name=ap", {}, 404, 'no process is called "ap"; there are: app, postgres'],
      ["/faults", body({ kind: "latency", ms: 0 }), 400, "ms is 0; allowed: a whole number from 1 to 60000"],
      ["/faults/throttle-9", { method: "DELETE" }, 404, 'no fault is called "throttle-9"; at work: none'],
      ["/nowhere", {}, 404, "the control API has no GET /nowhere"],
    ];
    for (const [path, init, status, message] of cases) {
      const response = await call(path, init);
      assert.equal(response.status, status, path);
      assert.deepEqual(await response.json(), { message });
    }
  });

  it("stops after it has answered", async () => {
    const response = await call("/stop", { method: "POST" });
    assert.equal(response.status, 202);
    await stopped;
    assert.deepEqual(calls, ["stop"]);
  });

  it("understands the commands, call by call", async () => {
    const commands = client();
    assert.deepEqual(await commands.status(), STATUS);
    assert.deepEqual(await commands.events(1), EVENTS.slice(1));
    assert.equal(await commands.logs("app", 1), "three\n");
    const { id } = await commands.addFault({ kind: "fail-create", nth: 7, type: "aws:ec2/vpc:Vpc" });
    await commands.removeFault(id);
    await commands.addFault({ kind: "kill", name: "app" });
    await commands.clearFaults();
    await commands.release();
    await commands.stop();
    await stopped;
    assert.deepEqual(calls, ["kill app", "stop"]);
    await assert.rejects(commands.logs("ap", 1), {
      name: "UserError",
      message: /no process is called "ap"; there are: app, postgres/,
    });
    await assert.rejects(client("wrong").status(), { name: "UserError", message: /the control API needs the token/ });
  });
});
