import assert from "node:assert/strict";
import { createLog } from "../../../../apps/shop/src/platform/log.ts";
import { recordedLog } from "../support/logs.ts";

describe("the log", () => {
  it("writes one JSON object a line, with its time, level and event first", () => {
    const { log, lines } = recordedLog();
    log.write("info", "listening", { port: 8080, role: "web", nothing: undefined });
    const [line] = lines();
    const { time, ...rest } = line ?? {};
    assert.equal(new Date(String(time)).toISOString(), time);
    assert.deepEqual(rest, { level: "info", event: "listening", port: 8080, role: "web" });
    assert.deepEqual(Object.keys(line ?? {}).slice(0, 3), ["time", "level", "event"]);
  });

  it("keeps what is below its level to itself", () => {
    for (const [level, events] of [
      ["debug", ["a", "b", "c", "d", "request"]],
      ["info", ["b", "c", "d", "request"]],
      ["warn", ["c", "d"]],
      ["error", ["d"]],
    ] as const) {
      let text = "";
      const log = createLog(level, (lines) => (text += lines));
      log.write("debug", "a");
      log.write("info", "b");
      log.write("warn", "c");
      log.write("error", "d");
      log.request({ method: "GET", route: "/", status: 200, ms: 1, trace_id: "" });
      log.flush();
      const found = text.split("\n").filter((line) => line !== "");
      assert.deepEqual(
        found.map((line) => (JSON.parse(line) as { event: string }).event),
        events,
      );
    }
  });

  it("writes many lines of one turn at once, and all of them in order", async () => {
    const writes: string[] = [];
    const log = createLog("info", (text) => writes.push(text));
    for (let index = 0; index < 3; index += 1) log.write("info", `event-${index}`);
    assert.deepEqual(writes, []);
    await new Promise(setImmediate);
    assert.equal(writes.length, 1);
    assert.match(writes.join(), /event-0.*\n.*event-1.*\n.*event-2.*\n$/);
  });

  it("leaves out secrets, passwords in addresses, and e-mail addresses, wherever they stand", () => {
    const { log, text } = recordedLog();
    log.conceal("hunter2-hunter2");
    log.write("warn", "waiting", { message: 'password "hunter2-hunter2" refused for postgres://shop:other-secret@db:5432/shop' });
    log.write("info", "mail", { message: "could not reach <Some.One+tag@mail.example.com>, nor a@b.c" });
    log.error(new Error("key (email)=(someone@example.com) already exists, hunter2-hunter2"));
    const written = text();
    for (const secret of ["hunter2", "other-secret", "example.com", "a@b.c"]) assert.ok(!written.includes(secret), secret);
    assert.match(written, /password \\"\[secret\]\\" refused for postgres:\/\/\[secret\]@db:5432\/shop/);
    assert.match(written, /could not reach <\[address\]>, nor \[address\]/);
  });

  it("does not take a very short text for a secret, which would eat harmless words", () => {
    const { log, lines } = recordedLog();
    log.conceal("web");
    log.write("info", "listening", { role: "web" });
    assert.equal(lines()[0]?.["role"], "web");
  });

  it("describes an error by what it says of itself, without a driver's copy of the data", () => {
    const { log, lines } = recordedLog();
    const error = Object.assign(new Error("duplicate key", { cause: new RangeError("too much") }), {
      code: "23505",
      constraint: "users_email_key",
      table: "users",
      detail: "Key (email)=(someone) already exists.",
      parameters: ["someone"],
    });
    log.error(error, { trace_id: "0af7" });
    const { time: _, stack, ...line } = lines()[0] ?? {};
    assert.match(String(stack), /^Error: duplicate key\n {4}at /);
    assert.deepEqual(line, {
      level: "error",
      event: "error",
      name: "Error",
      message: "duplicate key",
      code: "23505",
      constraint: "users_email_key",
      table: "users",
      cause: "RangeError: too much",
      trace_id: "0af7",
    });
  });

  it("describes what was thrown and is no error", () => {
    const { log, lines } = recordedLog();
    log.error("just a text");
    assert.equal(lines()[0]?.["message"], "just a text");
  });
});
