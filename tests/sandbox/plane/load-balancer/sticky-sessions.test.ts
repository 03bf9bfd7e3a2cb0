import assert from "node:assert/strict";
import type { Action, Stickiness, WeightedGroup } from "../../../../sandbox/src/plane/load-balancer/actions.ts";
import type { Listener } from "../../../../sandbox/src/plane/load-balancer/listener.ts";
import { ask, Balancing, type Program } from "./support.ts";

describe("sticky sessions", () => {
  let balancing: Balancing;
  let one: Program;
  let two: Program;
  beforeEach(async () => {
    balancing = new Balancing();
    one = await balancing.program("one");
    two = await balancing.program("two");
  });
  afterEach(() => balancing.end());

  const HOUR = 3_600_000;

  const sticky = (group: WeightedGroup["group"], stickiness: Stickiness): Action => ({
    kind: "forward",
    groups: [{ group, weight: 1, stickiness }],
  });

  /** Asks like a browser: with these cookies, and gives those that come back along with the body. */
  async function browse(
    listener: Listener,
    cookies: Readonly<Record<string, string>> = {},
  ): Promise<{ body: string; cookies: Record<string, string>; lines: readonly string[] }> {
    const cookie = Object.entries(cookies).map((pair) => pair.join("="));
    const { body, headers } = await ask(listener, { headers: cookie.length === 0 ? {} : { cookie: cookie.join("; ") } });
    const lines = headers["set-cookie"] ?? [];
    const set = lines.map((line) => (line.split(";")[0] ?? "").split("=") as [string, string]);
    return { body, lines, cookies: { ...cookies, ...Object.fromEntries(set) } };
  }

  describe("by a cookie of the load balancer", () => {
    const stickiness: Stickiness = { kind: "load balancer", ms: HOUR };

    it("begin with two cookies that say until when, and tell nothing of the target", async () => {
      const listener = await balancing.listen(sticky(await balancing.healthy([one, two]), stickiness));
      const { lines } = await browse(listener);
      assert.equal(lines.length, 2);
      const expires = "Expires=Sun, 01 Mar 2026 13:00:00 GMT; Path=/";
      assert.match(lines[0] ?? "", new RegExp(`^AWSALB=[\\w-]{43}; ${expires}$`));
      assert.match(lines[1] ?? "", new RegExp(`^AWSALBCORS=[\\w-]{43}; ${expires}; SameSite=None; Secure$`));
    });

    it("lead to the same target each time", async () => {
      const listener = await balancing.listen(sticky(await balancing.healthy([one, two]), stickiness));
      const first = await browse(listener);
      const again = [await browse(listener, first.cookies), await browse(listener, first.cookies)];
      assert.deepEqual([first.body, ...again.map(({ body }) => body)], ["one", "one", "one"]);
      assert.equal((await browse(listener)).body, "two");
    });

    it("move to another target when theirs is not healthy any more, and stay there", async () => {
      const group = await balancing.healthy([one, two]);
      const listener = await balancing.listen(sticky(group, stickiness));
      const { cookies } = await browse(listener);
      one.health = 500;
      await balancing.intervals(group, 2);
      const moved = await browse(listener, cookies);
      one.health = 200;
      await balancing.intervals(group, 2);
      assert.deepEqual([moved.body, (await browse(listener, moved.cookies)).body], ["two", "two"]);
    });

    it("leave the cookies of the program as they are", async () => {
      const program = await balancing.program("web", (_asked, response) =>
        response.setHeader("set-cookie", ["a=1", "b=2"]).end(),
      );
      const listener = await balancing.listen(sticky(await balancing.healthy([program]), stickiness));
      const { lines } = await browse(listener);
      assert.deepEqual(
        lines.map((line) => line.split("=")[0]),
        ["a", "b", "AWSALB", "AWSALBCORS"],
      );
    });
  });

  describe("by a cookie of the application", () => {
    const stickiness: Stickiness = { kind: "application", ms: HOUR, cookie: "session" };

    it("begin when the application sets its cookie, and hold while it is brought", async () => {
      const login = async (name: string): Promise<Program> =>
        balancing.program(name, (asked, response) => {
          if (asked.headers.cookie === undefined) response.setHeader("set-cookie", "session=abc");
          response.end(name);
        });
      const listener = await balancing.listen(sticky(await balancing.healthy([await login("a"), await login("b")]), stickiness));
      const first = await browse(listener);
      assert.deepEqual(Object.keys(first.cookies), ["session", "AWSALBAPP-0"]);
      const second = await browse(listener, first.cookies);
      assert.deepEqual([first.body, second.body], ["a", "a"]);
      assert.deepEqual(
        second.lines.map((line) => line.split("=")[0]),
        ["AWSALBAPP-0"],
      );
      const { session: _session, ...without } = first.cookies;
      assert.equal((await browse(listener, without)).body, "b");
    });

    it("do not begin where the application sets none", async () => {
      const listener = await balancing.listen(sticky(await balancing.healthy([one]), stickiness));
      assert.deepEqual((await browse(listener)).lines, []);
    });
  });

  it("keep a client with the group that it was given, until that gets nothing any more", async () => {
    const groups = [
      { group: await balancing.healthy([one], {}, "blue"), weight: 1 },
      { group: await balancing.healthy([two], {}, "green"), weight: 1 },
    ];
    const listener = await balancing.listen({ kind: "forward", groups, stickyMs: HOUR });
    const first = await browse(listener);
    assert.deepEqual(Object.keys(first.cookies), ["AWSALBTG", "AWSALBTGCORS"]);
    const again = [await browse(listener, first.cookies), await browse(listener, first.cookies)];
    assert.deepEqual([first.body, ...again.map(({ body }) => body)], ["one", "one", "one"]);
    const off = groups.map((each, place) => ({ ...each, weight: place }));
    listener.follow(balancing.plan({ kind: "forward", groups: off, stickyMs: HOUR }));
    assert.equal((await browse(listener, first.cookies)).body, "two");
  });
});
