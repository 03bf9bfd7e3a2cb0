import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskSync } from "../../../../sandbox/src/services/sqs/disk-sync.ts";

describe("what brings messages of SQS onto the disk", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "disk-sync-"));
    file = join(folder, "log");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("serves all who come while the disk turns with one turn more", async () => {
    writeFileSync(file, "");
    const probe = await fs.open(file);
    const prototype = Object.getPrototypeOf(probe) as fs.FileHandle;
    await probe.close();
    const original = Object.getOwnPropertyDescriptor(prototype, "datasync");
    const turns: (() => void)[] = [];
    prototype.datasync = () => new Promise((resolve) => void turns.push(resolve));
    const begun = async (count: number): Promise<void> => {
      while (turns.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    try {
      const disk = new DiskSync(file);
      const first = disk.settle();
      await begun(1);
      const later = [disk.settle(), disk.settle(), disk.settle()];
      assert.equal(turns.length, 1);
      turns[0]?.();
      await first;
      await begun(2);
      turns[1]?.();
      await Promise.all(later);
      assert.equal(turns.length, 2);
      disk.close();
    } finally {
      if (original !== undefined) Object.defineProperty(prototype, "datasync", original);
    }
  });

  it("fails for those who wait where the disk fails, and tries again for others", async () => {
    const disk = new DiskSync(file);
    await assert.rejects(disk.settle(), { code: "ENOENT" });
    writeFileSync(file, "");
    await disk.settle();
    disk.close();
  });
});
