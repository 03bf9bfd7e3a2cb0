import assert from "node:assert/strict";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";

describe("a bell", () => {
  const FOREVER_MS = 3_600_000;
  const never = new AbortController().signal;

  it("wakes the one who waits", async () => {
    const bell = new Bell();
    const waiting = bell.wait(FOREVER_MS, never);
    bell.ring();
    await waiting;
  });

  it("is heard by the one who begins to wait after it rang, once", async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    await bell.wait(FOREVER_MS, never);
    let over = false;
    const waiting = bell.wait(FOREVER_MS, never).then(() => (over = true));
    await new Promise(setImmediate);
    assert.equal(over, false);
    bell.ring();
    await waiting;
  });

  it("lets nobody wait longer than they want to, nor past their signal", async () => {
    const bell = new Bell();
    await bell.wait(1, never);
    await bell.wait(FOREVER_MS, AbortSignal.abort());
    const stop = new AbortController();
    const waiting = bell.wait(FOREVER_MS, stop.signal);
    stop.abort();
    await waiting;
  });
});
