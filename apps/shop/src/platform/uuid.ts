import { randomBytes } from "node:crypto";

let latest = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562): it begins with its time, so rows made one after another lie side by side in an index. A counter after the milliseconds (section 6.2,
 * method 1) keeps those of one process in the order in which they were made, even when the clock is set back.
 */
export function uuidv7(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  if (now > latest) {
    latest = now;
    // Begins in the lower half, so that there is room to count.
    counter = bytes.readUInt16BE(6) & 0x7ff;
  } else if (++counter > 0xfff) {
    latest += 1;
    counter = 0;
  }
  bytes.writeUIntBE(latest, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
