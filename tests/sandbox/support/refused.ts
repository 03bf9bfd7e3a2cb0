import assert from "node:assert/strict";

/** Expects the cloud's own refusal: its code, and words of its message. */
export async function refused(work: Promise<unknown>, code: string, message: string | RegExp = /./): Promise<void> {
  await assert.rejects(work, (error: Error & { code?: string }) => {
    assert.equal(error.code, code, error.message);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}
