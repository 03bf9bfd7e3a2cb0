import assert from "node:assert/strict";
import fc from "fast-check";
import { CloudError } from "../../../sandbox/src/core/definition.ts";
import { FaultRefused } from "../../../sandbox/src/control/fault-request.ts";
import { FaultBoard, type OutagePlace } from "../../../sandbox/src/control/faults.ts";

const VPC = "aws:ec2/vpc:Vpc";
const BUCKET = "aws:s3/bucket:Bucket";

describe("the fault board", () => {
  let killed: string[];
  let waited: number[];
  let board: FaultBoard;

  beforeEach(() => {
    killed = [];
    waited = [];
    board = new FaultBoard({
      kill: (name) => {
        if (name !== "app") throw new Error(`no process is called ${name}; there are: app`);
        killed.push(name);
      },
      known: () => ({ types: [VPC, BUCKET], services: ["ec2", "s3", "secretsmanager"] }),
      wait: (milliseconds, signal) => {
        signal?.throwIfAborted();
        waited.push(milliseconds);
        return Promise.resolve();
      },
    });
  });

  /** The error codes of so many calls, "-" where one gets through. */
  async function answers(count: number, call: () => Promise<void>): Promise<string[]> {
    const codes: string[] = [];
    for (let at = 0; at < count; at++) {
      codes.push(
        await call().then(
          () => "-",
          (error: unknown) => (error instanceof CloudError ? error.code : String(error)),
        ),
      );
    }
    return codes;
  }
  const create = (type = VPC) => board.before({ action: "create", type });
  const count = (codes: readonly string[]) => codes.filter((code) => code !== "-").length;

  it("lets everything through while no fault is in", async () => {
    assert.deepEqual(await answers(2, () => create()), ["-", "-"]);
    assert.deepEqual(await answers(1, () => board.beforeCall("s3", "GetObject")), ["-"]);
    assert.deepEqual(waited, []);
  });

  describe("outage", () => {
    let places: string[];
    beforeEach(() => {
      places = [];
      const shown = (place: OutagePlace): string => Object.values(place).join();
      board = new FaultBoard({
        kill: () => undefined,
        outages: {
          begin: (place) => void places.push(`off ${shown(place)}`),
          end: (place) => void places.push(`on ${shown(place)}`),
        },
        interrupt: (instance) => void places.push(`interrupt ${instance}`),
      });
    });

    it("keeps an instance or a zone off until it is lifted, and refuses no call", async () => {
      const zone = await board.add({ kind: "outage", zone: "eu-central-1a" });
      assert.deepEqual(zone, { id: "outage-1", description: "keeps eu-central-1a off" });
      await board.add({ kind: "outage", instance: "i-0abc" });
      assert.deepEqual(await answers(1, () => create()), ["-"]);
      assert.equal(board.remove("outage-1"), true);
      assert.equal(board.clear(), 1);
      assert.deepEqual(places, ["off eu-central-1a", "off i-0abc", "on eu-central-1a", "on i-0abc"]);
    });

    it("lasts as long as anybody wants it", async () => {
      await board.add({ kind: "outage", zone: "eu-central-1a" });
      await board.add({ kind: "outage", zone: "eu-central-1a" });
      board.remove("outage-1");
      assert.deepEqual(places, ["off eu-central-1a", "off eu-central-1a"]);
      board.remove("outage-2");
      assert.deepEqual(places.slice(2), ["on eu-central-1a"]);
    });

    it("is of one place, which has a name", async () => {
      const refused = (fault: object): Promise<void> => assert.rejects(board.add({ kind: "outage", ...fault }), FaultRefused);
      await refused({});
      await refused({ instance: "i-0abc", zone: "eu-central-1a" });
      await assert.rejects(board.add({ kind: "outage", zone: "Frankfurt" }), {
        message: 'zone is "Frankfurt"; allowed: an Availability Zone such as eu-central-1a',
      });
      assert.deepEqual([places, board.list()], [[], []]);
    });

    it("of a Spot instance is announced at once, and not kept", async () => {
      assert.deepEqual(await board.add({ kind: "spot-interruption", instance: "i-0abc" }), {
        id: "spot-interruption-1",
        description: "i-0abc is taken back in two minutes",
      });
      assert.deepEqual([places, board.list()], [["interrupt i-0abc"], []]);
    });
  });

  describe("throttle", () => {
    it("refuses exactly the next calls, and is then over", async () => {
      const row = await board.add({ kind: "throttle", calls: 3 });
      assert.deepEqual(row, { id: "throttle-1", description: "throttles the next 3 calls" });
      assert.deepEqual(await answers(1, () => create()), ["RequestLimitExceeded"]);
      assert.equal(board.list()[0]?.description, "throttles the next 2 calls");
      assert.deepEqual(await answers(4, () => create()), ["RequestLimitExceeded", "RequestLimitExceeded", "-", "-"]);
      assert.deepEqual(board.list(), []);
    });

    it("refuses every n-th call until it is lifted", async () => {
      const { id } = await board.add({ kind: "throttle", every: 3, service: "secretsmanager" });
      const codes = await answers(7, () => board.beforeCall("secretsmanager", "GetSecretValue"));
      assert.deepEqual(codes, ["-", "-", "ThrottlingException", "-", "-", "ThrottlingException", "-"]);
      assert.equal(board.remove(id), true);
      assert.equal(count(await answers(3, () => board.beforeCall("secretsmanager", "GetSecretValue"))), 0);
    });

    it("speaks each service's own words", async () => {
      await board.add({ kind: "throttle", every: 1 });
      await assert.rejects(board.beforeCall("s3", "PutObject"), {
        code: "SlowDown",
        status: 503,
        message: "Please reduce your request rate.",
      });
      await assert.rejects(create(), { code: "RequestLimitExceeded", status: 503 });
      await assert.rejects(board.beforeCall("kms", "Decrypt"), {
        code: "ThrottlingException",
        status: 400,
        message: "Rate exceeded",
      });
    });

    it("concerns only the type, service and operation that it names", async () => {
      await board.add({ kind: "throttle", calls: 9, type: BUCKET });
      assert.equal(count(await answers(2, () => create(VPC))), 0);
      assert.equal(count(await answers(2, () => create(BUCKET))), 2);
      board.clear();
      await board.add({ kind: "throttle", calls: 9, service: "s3", operation: "putobject" });
      assert.equal(count(await answers(2, () => board.beforeCall("s3", "GetObject"))), 0);
      assert.equal(count(await answers(2, () => board.beforeCall("s3", "PutObject"))), 2);
      board.clear();
      await board.add({ kind: "throttle", calls: 9, service: "ec2", operation: "delete" });
      assert.equal(count(await answers(2, () => create(VPC))), 0);
      assert.equal(count(await answers(2, () => board.before({ action: "delete", type: VPC }))), 2);
    });

    it("refuses as many calls as all throttles together ask for, whatever their number", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }), async (sizes) => {
          board.clear();
          for (const calls of sizes) await board.add({ kind: "throttle", calls });
          const total = sizes.reduce((sum, size) => sum + size, 0);
          const codes = await answers(total + 3, () => create());
          assert.equal(count(codes), total);
          assert.deepEqual(codes.slice(total), ["-", "-", "-"]);
        }),
        { numRuns: 40 },
      );
    });
  });

  describe("fail-create", () => {
    it("fails the n-th create from now, once, with the code asked for", async () => {
      await board.add({ kind: "fail-create", nth: 3, code: "InsufficientInstanceCapacity" });
      assert.deepEqual(await answers(5, () => create()), ["-", "-", "InsufficientInstanceCapacity", "-", "-"]);
      assert.deepEqual(board.list(), []);
    });

    it("counts creates of its type only, and no other calls", async () => {
      await board.add({ kind: "fail-create", nth: 2, type: BUCKET });
      assert.equal(count(await answers(3, () => create(VPC))), 0);
      assert.equal(count(await answers(3, () => board.before({ action: "update", type: BUCKET }))), 0);
      assert.equal(count(await answers(3, () => board.beforeCall("s3", "create"))), 0);
      assert.deepEqual(await answers(3, () => create(BUCKET)), ["-", "InternalFailure", "-"]);
    });

    it("does not count a create that was throttled, for that one is tried again", async () => {
      await board.add({ kind: "fail-create", nth: 2 });
      await board.add({ kind: "throttle", calls: 2 });
      assert.deepEqual(await answers(4, () => create()), [
        "RequestLimitExceeded",
        "RequestLimitExceeded",
        "-",
        "InternalFailure",
      ]);
    });

    it("says how near it is", async () => {
      await board.add({ kind: "fail-create", nth: 12, type: VPC });
      assert.equal(board.list()[0]?.description, `fails the 12th create from now on ${VPC}`);
      await answers(10, () => create());
      assert.equal(board.list()[0]?.description, `fails the 2nd create from now on ${VPC}`);
    });
  });

  describe("latency", () => {
    it("adds up over the faults that concern the call", async () => {
      await board.add({ kind: "latency", ms: 200 });
      await board.add({ kind: "latency", ms: 50, service: "s3" });
      await create(VPC);
      await board.beforeCall("s3", "GetObject");
      assert.deepEqual(waited, [200, 250]);
    });

    it("ends its wait when the run is cancelled", async () => {
      const real = new FaultBoard({ kill: () => undefined });
      await real.add({ kind: "latency", ms: 60_000 });
      const run = new AbortController();
      const call = real.before({ action: "create", type: VPC }, run.signal);
      run.abort();
      await assert.rejects(call, { name: "AbortError" });
    });
  });

  describe("kill", () => {
    it("is done at once and not kept", async () => {
      assert.deepEqual(await board.add({ kind: "kill", name: "app" }), { id: "kill-1", description: "app has been killed" });
      assert.deepEqual(killed, ["app"]);
      assert.deepEqual(board.list(), []);
    });

    it("says which processes there are when the name is none", async () => {
      await assert.rejects(board.add({ kind: "kill", name: "ap" }), { message: "no process is called ap; there are: app" });
    });
  });

  it("lifts one fault by its id, or all of them", async () => {
    const first = await board.add({ kind: "latency", ms: 1 });
    await board.add({ kind: "latency", ms: 2 });
    await board.add({ kind: "throttle", every: 2 });
    assert.equal(board.remove(first.id), true);
    assert.equal(board.remove(first.id), false);
    assert.deepEqual(
      board.list().map(({ id }) => id),
      ["latency-2", "throttle-3"],
    );
    assert.equal(board.clear(), 2);
    assert.deepEqual(board.list(), []);
  });

  describe("a fault that makes no sense", () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [{ kind: "flood" }, 'kind is "flood"; allowed: throttle, fail-create, latency, outage, spot-interruption, kill'],
      [undefined, "the fault is missing; allowed: throttle, fail-create, latency, outage, spot-interruption, kill"],
      [{ kind: "latency", ms: -1 }, "ms is -1; allowed: a whole number from 1 to 60000"],
      [{ kind: "latency", ms: 1.5 }, "ms is 1.5; allowed: a whole number from 1 to 60000"],
      [{ kind: "latency" }, "ms is missing; allowed: a whole number from 1 to 60000"],
      [{ kind: "throttle" }, "throttle needs either calls (the next so many) or every (each n-th), not both"],
      [{ kind: "throttle", calls: 1, every: 2 }, "throttle needs either calls (the next so many) or every (each n-th), not both"],
      [
        { kind: "fail-create", nth: 0, code: "" },
        "nth is 0; allowed: a whole number from 1 to 1000000\ncode is empty; allowed: a text such as InsufficientInstanceCapacity",
      ],
      [{ kind: "throttle", calls: 1, typ: VPC }, "unknown: typ; allowed: kind, calls, every, type, service, operation"],
      [
        { kind: "throttle", calls: 1, type: "aws:ec2/vpc:VPC" },
        `type is "aws:ec2/vpc:VPC", which the sandbox does not serve; the nearest is ${VPC}`,
      ],
      [{ kind: "latency", ms: 1, service: "s33" }, 'service is "s33", which the sandbox does not serve; the nearest is s3'],
    ];
    for (const [input, message] of cases) {
      it(`is refused in words: ${JSON.stringify({ input })}`, async () => {
        await assert.rejects(board.add(input), (error: unknown) => {
          assert.ok(error instanceof FaultRefused);
          assert.equal(error.message, message);
          return true;
        });
        assert.deepEqual(board.list(), []);
      });
    }
  });
});
