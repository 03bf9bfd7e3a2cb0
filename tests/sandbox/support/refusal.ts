import assert from "node:assert/strict";

/** For `assert.rejects`: an AWS SDK's error of that name, with that message. */
export function refusal(name: string, message: string | RegExp): (error: Error) => true {
  return (error) => {
    assert.equal(error.name, name, error.message);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  };
}
