import assert from "node:assert/strict";
import type { Target } from "../../../../sandbox/src/plane/load-balancer/target.ts";
import type { TargetGroup } from "../../../../sandbox/src/plane/load-balancer/target-group.ts";
import { Balancing, CHECK, type Program, states } from "./support.ts";

describe("a target group", () => {
  let balancing: Balancing;
  let one: Program;
  let two: Program;
  beforeEach(async () => {
    balancing = new Balancing();
    one = await balancing.program("one");
    two = await balancing.program("two");
  });
  afterEach(() => balancing.end());

  const nameOf = (target: Target | undefined): string => target?.registration.id ?? "-";
  /** Who gets the next so many requests. */
  const next = (group: TargetGroup, count: number): string[] => Array.from({ length: count }, () => nameOf(group.choose()));
  const share = (group: TargetGroup, name: string, of: number): number => next(group, of).filter((id) => id === name).length;

  describe("looks at the health of its targets", () => {
    it("at once when they are registered, and then when the interval has passed", async () => {
      const group = await balancing.healthy([one]);
      assert.deepEqual(states(group), { one: "healthy" });
      one.health = 500;
      await balancing.intervals(group, 1);
      balancing.clock += CHECK.intervalMs - 1;
      await group.check();
      assert.deepEqual(states(group), { one: "healthy" });
      balancing.clock += 1;
      await group.check();
      assert.deepEqual(states(group), { one: "unhealthy" });
    });

    it("with the reason where it is not good", async () => {
      one.health = 500;
      const group = await balancing.healthy([one]);
      const where = { id: "one", port: 80, zone: "eu-central-1a" };
      const checking = { code: "Elb.InitialHealthChecking", description: "Initial health checks in progress" };
      assert.deepEqual(group.health(), [{ ...where, state: "initial", reason: checking }]);
      await balancing.intervals(group, 1);
      const reason = { code: "Target.ResponseCodeMismatch", description: "Health checks failed with these codes: [500]" };
      assert.deepEqual(group.health(), [{ ...where, state: "unhealthy", reason }]);
    });

    it("and tells of each change once", async () => {
      const group = await balancing.healthy([one, two]);
      one.health = 500;
      await balancing.intervals(group, 3);
      one.health = 200;
      await balancing.intervals(group, 3);
      assert.deepEqual(balancing.changes.sort(), ["web one healthy", "web one healthy", "web one unhealthy", "web two healthy"]);
    });

    it("at another port, where the check names one", async () => {
      const group = balancing.group({ check: { ...CHECK, port: 9000 } });
      const asked: number[] = [];
      const locate = (port: number): number => {
        asked.push(port);
        return port === 9000 ? two.port : one.port;
      };
      two.health = 500;
      group.register({ id: "one", port: 80, zone: "eu-central-1a", locate });
      await group.check();
      await balancing.intervals(group, 1);
      assert.deepEqual(states(group), { one: "unhealthy" });
      assert.deepEqual(asked, [80, 9000, 80, 9000]);
    });

    it("only while a listener sends requests to it", async () => {
      const group = await balancing.healthy([one]);
      group.use(false);
      const [health] = group.health();
      assert.equal(health?.state, "unused");
      assert.deepEqual(health.reason, {
        code: "Target.NotInUse",
        description: "Target group is not configured to receive traffic from the load balancer",
      });
      await balancing.intervals(group, 3);
      assert.deepEqual(states(group), { one: "unused" });
      group.use(true);
      await group.check();
      assert.deepEqual(states(group), { one: "healthy" });
    });

    it("not of a server that is stopped, and anew once it runs again", async () => {
      let location: "stopped" | number = one.port;
      const group = balancing.group();
      balancing.register(group, one, () => location);
      await group.check();
      location = "stopped";
      await balancing.intervals(group, 1);
      const [health] = group.health();
      assert.deepEqual(health?.reason, { code: "Target.InvalidState", description: "Target is in the stopped state" });
      assert.equal(group.choose(), undefined);
      location = one.port;
      await balancing.intervals(group, 1);
      assert.deepEqual(states(group), { one: "healthy" });
    });
  });

  describe("hands out requests", () => {
    it("in turn", async () => {
      assert.deepEqual(next(await balancing.healthy([one, two]), 4), ["one", "two", "one", "two"]);
    });

    it("to the target with the fewest under way, and in turn where that is several", async () => {
      const three = await balancing.program("three");
      const group = await balancing.healthy([one, two, three], { algorithm: "least_outstanding_requests" });
      const [first] = [group.choose()];
      assert.ok(first);
      first.inFlight = 2;
      const second = group.choose();
      assert.ok(second);
      second.inFlight = 1;
      assert.deepEqual(next(group, 2), ["three", "three"]);
      first.inFlight = 0;
      assert.deepEqual(new Set(next(group, 4)), new Set(["one", "three"]));
    });

    it("by lot", async () => {
      const group = await balancing.healthy([one, two], { algorithm: "weighted_random" });
      assert.deepEqual(next(group, 3), ["two", "two", "two"]);
    });

    it("to healthy targets only", async () => {
      const group = await balancing.healthy([one, two]);
      one.health = 500;
      await balancing.intervals(group, 2);
      assert.deepEqual(next(group, 3), ["two", "two", "two"]);
    });

    it("to all of them, whatever their health, where none is healthy", async () => {
      one.health = two.health = 500;
      const group = await balancing.healthy([one, two]);
      await balancing.intervals(group, 1);
      assert.deepEqual(states(group), { one: "unhealthy", two: "unhealthy" });
      assert.deepEqual(next(group, 2), ["one", "two"]);
    });

    it("to all of them where fewer are healthy than there must be", async () => {
      const group = await balancing.healthy([one, two], { leastHealthy: 2 });
      one.health = 500;
      await balancing.intervals(group, 2);
      assert.deepEqual(next(group, 2), ["one", "two"]);
    });

    it("to nobody where nobody is registered", () => {
      assert.equal(balancing.group().choose(), undefined);
    });

    it("to the target that a cookie names, as long as it is healthy", async () => {
      const group = await balancing.healthy([one, two]);
      const cookie = group.choose()?.cookie;
      assert.deepEqual(
        [1, 2, 3].map(() => nameOf(group.choose(cookie))),
        ["one", "one", "one"],
      );
      one.health = 500;
      await balancing.intervals(group, 2);
      assert.equal(nameOf(group.choose(cookie)), "two");
      assert.equal(nameOf(group.choose("forged")), "two");
    });
  });

  describe("lets a target go", () => {
    it("with nothing new for it, and forgets it when its time to drain is over", async () => {
      const group = await balancing.healthy([one, two]);
      group.deregister("one", 80);
      assert.deepEqual(states(group), { one: "draining", two: "healthy" });
      assert.deepEqual(next(group, 2), ["two", "two"]);
      balancing.clock += 29_999;
      await group.check();
      assert.deepEqual(states(group), { one: "draining", two: "healthy" });
      balancing.clock += 1;
      await group.check();
      assert.deepEqual(states(group), { two: "healthy" });
    });

    it("once nothing is under way at it, or its time to drain is over", async () => {
      const group = await balancing.healthy([one]);
      const target = group.choose();
      assert.ok(target);
      target.inFlight = 1;
      assert.equal(group.isDrained("one", 80), false);
      group.deregister("one", 80);
      assert.equal(group.isDrained("one", 80), false);
      target.inFlight = 0;
      assert.equal(group.isDrained("one", 80), true);
      target.inFlight = 1;
      balancing.clock += 30_000;
      assert.equal(group.isDrained("one", 80), true);
      assert.equal(group.isDrained("nobody", 80), true);
    });

    it("and takes it back as a new one", async () => {
      const group = await balancing.healthy([one, two]);
      group.deregister("one", 80);
      group.deregister("one", 80);
      balancing.register(group, one);
      assert.deepEqual(states(group), { one: "initial", two: "healthy" });
      await group.check();
      assert.deepEqual(states(group), { one: "healthy", two: "healthy" });
    });

    it("also by a check that began before and ends after", async () => {
      const group = balancing.group();
      balancing.register(group, one);
      const check = group.check();
      group.deregister("one", 80);
      await check;
      assert.deepEqual(states(group), { one: "draining" });
    });
  });

  it("changes nothing when the same target is registered again", async () => {
    const group = await balancing.healthy([one]);
    balancing.register(group, one);
    assert.deepEqual(states(group), { one: "healthy" });
  });

  describe("with a slow start", () => {
    const slow = { slowStartMs: 60_000 };

    it("gives a target that joins others a share that grows with time", async () => {
      const group = await balancing.healthy([one], slow);
      balancing.register(group, two);
      await group.check();
      assert.deepEqual(states(group), { one: "healthy", two: "healthy" });
      assert.equal(share(group, "two", 30), 0);
      balancing.clock += 30_000;
      // A weight of a half beside a whole one.
      assert.equal(share(group, "two", 30), 10);
      balancing.clock += 30_000;
      assert.equal(share(group, "two", 30), 15);
    });

    it("gives targets their whole share that are the first, for somebody must take the requests", async () => {
      assert.equal(share(await balancing.healthy([one, two], slow), "two", 30), 15);
    });

    it("begins it anew for a target that falls ill in it, and not for one that had it behind itself", async () => {
      const group = await balancing.healthy([one], slow);
      balancing.register(group, two);
      await group.check();
      const illAndWell = async (): Promise<void> => {
        two.health = 500;
        await balancing.intervals(group, 2);
        two.health = 200;
        await balancing.intervals(group, 2);
      };
      await illAndWell();
      assert.equal(share(group, "two", 30), 0);
      balancing.clock += 60_000;
      assert.equal(share(group, "two", 30), 15);
      await illAndWell();
      assert.equal(share(group, "two", 30), 15);
    });

    it("ends it at once when it is switched off", async () => {
      const group = await balancing.healthy([one], slow);
      balancing.register(group, two);
      await group.check();
      group.configure({ check: CHECK, algorithm: "round_robin", slowStartMs: 0, drainMs: 30_000 });
      assert.equal(share(group, "two", 30), 15);
    });
  });

  it("finds a target again that listens on another port", async () => {
    let program = one;
    const group = balancing.group();
    balancing.register(group, one, () => program.port);
    await group.check();
    await one.stop();
    program = two;
    await balancing.intervals(group, 1);
    assert.deepEqual(states(group), { one: "healthy" });
  });
});
