import assert from "node:assert/strict";
import { Health, matches, probe, type Reason } from "../../../../sandbox/src/plane/load-balancer/health.ts";
import { Balancing, CHECK } from "./support.ts";

const FAILURE: Reason = { code: "Target.FailedHealthChecks", description: "Health checks failed" };

describe("the health of a target", () => {
  /** The states after each of these checks: `+` is a success, `-` a failure. */
  const after = (checks: string, health = new Health()): string[] =>
    Array.from(checks).map((check) => {
      health.take(check === "+" ? undefined : FAILURE, { ...CHECK, healthyThreshold: 3, unhealthyThreshold: 2 });
      return health.state;
    });

  it("is good from the first success on, as long as it is new", () => {
    assert.deepEqual(after("+"), ["healthy"]);
    assert.deepEqual(after("-+"), ["initial", "healthy"]);
  });

  it("turns bad after as many failures in a row as the threshold says", () => {
    assert.deepEqual(after("--"), ["initial", "unhealthy"]);
    assert.deepEqual(after("+-+--"), ["healthy", "healthy", "healthy", "healthy", "unhealthy"]);
  });

  it("turns good again after as many successes in a row as the threshold says", () => {
    const bad = new Health();
    after("--", bad);
    assert.deepEqual(after("++-+++", bad), ["unhealthy", "unhealthy", "unhealthy", "unhealthy", "unhealthy", "healthy"]);
  });

  it("tells of each change once, with the reason while it is not good", () => {
    const health = new Health();
    assert.deepEqual(health.reason, { code: "Elb.InitialHealthChecking", description: "Initial health checks in progress" });
    const took = [FAILURE, FAILURE, FAILURE].map((failure) => health.take(failure, CHECK));
    assert.deepEqual(took, [false, true, false]);
    assert.deepEqual(health.reason, FAILURE);
    health.take(undefined, CHECK);
    assert.equal(health.take(undefined, CHECK), true);
    assert.equal(health.reason, undefined);
  });

  it("begins anew when it is reset", () => {
    const health = new Health();
    after("--", health);
    health.reset();
    assert.deepEqual(after("+", health), ["healthy"]);
  });

  describe("as a check finds it", () => {
    let balancing: Balancing;
    beforeEach(() => (balancing = new Balancing()));
    afterEach(() => balancing.end());

    it("is good where the status is one of the matcher's", async () => {
      const { port } = await balancing.program("web", (_asked, response) => response.writeHead(204).end());
      assert.equal(await probe(port, CHECK), undefined);
      assert.equal(await probe(port, { ...CHECK, path: "/?of=web", matcher: "200-299" }), undefined);
    });

    it("names the status where it is another", async () => {
      const program = await balancing.program("web");
      program.health = 503;
      assert.deepEqual(await probe(program.port, CHECK), {
        code: "Target.ResponseCodeMismatch",
        description: "Health checks failed with these codes: [503]",
      });
    });

    it("fails where nothing listens, or where no server is known to", async () => {
      assert.deepEqual(await probe(await balancing.freePort(), CHECK), FAILURE);
      assert.deepEqual(await probe(undefined, CHECK), FAILURE);
    });

    it("times out where there is no answer in time", async () => {
      const { port } = await balancing.program("web", () => undefined);
      assert.deepEqual(await probe(port, { ...CHECK, path: "/", timeoutMs: 20 }), {
        code: "Target.Timeout",
        description: "Request timed out",
      });
    });

    it("is asked by somebody who says who he is, over a connection that ends with it", async () => {
      const program = await balancing.program("web");
      await probe(program.port, { ...CHECK, path: "/" });
      const [seen] = program.seen;
      assert.equal(seen?.headers["user-agent"], "ELB-HealthChecker/2.0");
      assert.equal(seen.headers.connection, "close");
    });
  });

  it("is matched by single statuses, lists and ranges", () => {
    for (const [matcher, status, expected] of [
      ["200", 200, true],
      ["200", 201, false],
      ["200,202", 202, true],
      ["200-299", 299, true],
      ["200-299", 300, false],
      ["200,300-302", 301, true],
    ] as const)
      assert.equal(matches(matcher, status), expected, `${matcher} ${status}`);
  });
});
