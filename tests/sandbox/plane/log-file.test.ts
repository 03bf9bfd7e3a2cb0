import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { lastLines, LogFile } from "../../../sandbox/src/plane/log-file.ts";
import { scratch } from "./support.ts";

describe("LogFile", () => {
  let folder: ReturnType<typeof scratch>;
  let file: string;
  beforeEach(() => {
    folder = scratch();
    file = join(folder.path, "logs", "app.log");
  });
  afterEach(() => {
    folder.remove();
  });

  it("makes its folder with the first text, and a file that only its owner reads", () => {
    const log = new LogFile(file);
    assert.ok(!existsSync(file));
    log.write("one\n");
    log.close();
    assert.equal(readFileSync(file, "utf8"), "one\n");
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it("goes on where the daemon before left off, also after it was closed", () => {
    for (const text of ["one\n", "two\n"]) {
      const log = new LogFile(file);
      log.write(text);
      log.close();
      log.write(`${text.trim()} again\n`);
      log.close();
    }
    assert.equal(readFileSync(file, "utf8"), "one\none again\ntwo\ntwo again\n");
  });

  it("becomes <file>.1 when it is full, and keeps one such part", () => {
    const log = new LogFile(file, 10);
    for (const text of ["aaaa\n", "bbbb\n", "cccc\n", "dddd\n", "ee\n"]) log.write(text);
    log.close();
    assert.equal(readFileSync(`${file}.1`, "utf8"), "cccc\ndddd\n");
    assert.equal(readFileSync(file, "utf8"), "ee\n");
    assert.ok(!existsSync(`${file}.2`));
  });

  it("counts what was in the file before it was opened", () => {
    const first = new LogFile(file, 10);
    first.write("123456789");
    first.close();
    new LogFile(file, 10).write("0\n");
    assert.equal(readFileSync(`${file}.1`, "utf8"), "1234567890\n");
  });
});

describe("lastLines", () => {
  let folder: ReturnType<typeof scratch>;
  let file: string;
  beforeEach(() => {
    folder = scratch();
    file = join(folder.path, "app.log");
  });
  afterEach(() => {
    folder.remove();
  });

  it("knows nothing of a log that was never written", () => {
    assert.equal(lastLines(file, 10), undefined);
  });

  it("gives whole lines, oldest first: one that is still being written is left out", () => {
    new LogFile(file).write("one\ntwo\nthree\nfou");
    assert.deepEqual(lastLines(file, 2), ["two", "three"]);
    assert.deepEqual(lastLines(file, 10), ["one", "two", "three"]);
    assert.deepEqual(lastLines(file, 0), []);
  });

  it("goes back into the part before, where a line that the rotation has cut is whole again", () => {
    const log = new LogFile(file, 10);
    log.write("one\ntwo\nth"); // full: this part is put aside
    log.write("ree\nfour\n");
    assert.deepEqual(lastLines(file, 3), ["two", "three", "four"]);
    assert.deepEqual(lastLines(file, 2), ["three", "four"]);
    assert.deepEqual(lastLines(file, 1), ["four"]);
  });

  it("reads the part before alone while nothing has been written since", () => {
    new LogFile(file, 4).write("one\n");
    assert.ok(!existsSync(file));
    assert.deepEqual(lastLines(file, 5), ["one"]);
  });
});
